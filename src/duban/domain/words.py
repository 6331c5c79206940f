"""What people call the values of our enums, (Chinese, English); pages, papers and workbooks read the same table."""

from typing import Final

WORDS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "role": {"lead": ("牵头", "Lead"), "main": ("主责", "Main"), "support": ("配合", "Support")},
    "target": {"goal": ("目标", "Goal"), "parameter": ("政策参数", "Policy parameter")},
    "unit": {
        "government": ("政府", "Government"),
        "department": ("政府部门", "Department"),
        "party": ("党委部门", "Party body"),
        "mass": ("群团组织", "Mass organisation"),
        "vertical": ("中央垂直管理单位", "Vertical agency"),
        "district": ("区县政府", "District government"),
        "committee": ("管委会", "Management committee"),
        "enterprise": ("国有企业", "Enterprise"),
        "institution": ("事业单位", "Public institution"),
        "coordination": ("议事协调机构办公室", "Coordination office"),
    },
    "manner": {"notice": ("通知", "Notice"), "letter": ("函", "Letter"), "consult": ("商", "Consultation")},
    "field": {
        "lead": ("牵头单位", "Lead unit"),
        "main": ("责任单位", "Main units"),
        "support": ("配合单位", "Supporting units"),
        "number": ("序号", "No."),
        "task": ("任务", "Task"),
        "content": ("主要内容", "Content"),
        "deadline": ("完成时限", "Time limit"),
        "city_leader": ("市领导", "City leader"),
        "responsible_leader": ("责任领导", "Responsible leader"),
        "division": ("责任处室", "Division"),
        "contact": ("联系人", "Contact"),
        "phone": ("联系电话", "Telephone"),
        "year_target": ("年度目标", "Year target"),
        "node_q1": ("一季度", "First quarter"),
        "node_half": ("上半年", "Half-year"),
        "node_q3": ("三季度", "Third quarter"),
        "node_year": ("全年", "Full year"),
        "heading": ("篇章", "Chapter"),
        "remarks": ("备注", "Remarks"),
        "ignore": ("其他", "Other"),
    },
}
