"""The words of task lists as data: labels, role verbs, collectives, organs, headings that are not tasks.

A new practice is a new row here, not new code. `DEFAULT` holds what the reference list and the wider family use; the
caller may hand in another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from duban.domain.tasklist.records import ColumnKind, Role


def _roles() -> Mapping[str, Role]:
    return {
        **dict.fromkeys(("牵头", "总牵头", "主办", "领办", "主牵头"), Role.LEAD),
        **dict.fromkeys(
            (
                "主责",
                "责任",
                "承办",
                "落实",
                "实施",
                "负责",
                "执行",
                "汇总",
                "主管",
                "主体",
                "归口",
                "具体",
                "推进",
                "办理",
            ),
            Role.MAIN,
        ),
        **dict.fromkeys(
            (
                "配合",
                "协办",
                "协作",
                "协同",
                "协助",
                "参加",
                "参与",
                "支持",
                "成员",
                "会办",
                "共同",
                "会同",
                "协调",
            ),
            Role.SUPPORT,
        ),
    }


def _verbs() -> Mapping[str, Role]:
    return {
        **dict.fromkeys(
            ("牵头负责", "负责牵头", "牵头抓总", "牵头落实", "牵头实施", "总牵头", "牵头", "主办"), Role.LEAD
        ),
        **dict.fromkeys(
            (
                "负责落实",
                "负责实施",
                "组织实施",
                "抓好落实",
                "负责",
                "承办",
                "落实",
                "实施",
                "主责",
                "推进",
                "办理",
                "执行",
            ),
            Role.MAIN,
        ),
        **dict.fromkeys(
            ("参与配合", "积极配合", "协同配合", "配合", "参与", "参加", "协助", "协办", "协同", "支持"),
            Role.SUPPORT,
        ),
    }


def _other_labels() -> Mapping[str, ColumnKind]:
    leader = (
        "责任领导",
        "牵头领导",
        "分管领导",
        "包保领导",
        "包抓领导",
        "联系领导",
        "挂点领导",
        "领导",
        "责任人",
        "负责人",
    )
    city = (
        "市领导",
        "牵头市领导",
        "分管市领导",
        "市级领导",
        "区领导",
        "县领导",
        "省领导",
        "区政府分管领导",
        "市政府分管领导",
    )
    time = (
        "完成时限",
        "完成时间",
        "完成期限",
        "时间节点",
        "时限要求",
        "进度要求",
        "办理时限",
        "时间要求",
        "整改时限",
        "时限",
    )
    return {
        **dict.fromkeys(leader, ColumnKind.RESPONSIBLE_LEADER),
        **dict.fromkeys(city, ColumnKind.CITY_LEADER),
        **dict.fromkeys(time, ColumnKind.DEADLINE),
        **dict.fromkeys(("联系人", "联络员"), ColumnKind.CONTACT),
        **dict.fromkeys(("联系电话", "联系方式"), ColumnKind.PHONE),
        **dict.fromkeys(("年度目标", "工作目标", "目标任务", "量化目标"), ColumnKind.YEAR_TARGET),
        **dict.fromkeys(("备注",), ColumnKind.REMARKS),
    }


def _columns() -> Mapping[str, ColumnKind]:
    return {
        **dict.fromkeys(("序号", "编号", "任务编号", "任务序号"), ColumnKind.NUMBER),
        **dict.fromkeys(
            (
                "工作任务",
                "重点任务",
                "任务",
                "任务名称",
                "项目名称",
                "重点工作",
                "工作事项",
                "事项",
                "任务事项",
                "主要任务",
                "重点工作任务",
            ),
            ColumnKind.TASK,
        ),
        **dict.fromkeys(
            (
                "主要内容",
                "工作要求",
                "具体内容",
                "工作内容",
                "任务内容",
                "目标内容",
                "具体任务",
                "工作举措",
                "主要措施",
                "具体措施",
                "工作措施",
                "任务要求",
            ),
            ColumnKind.CONTENT,
        ),
        **dict.fromkeys(
            ("篇章", "章节", "类别", "任务类别", "领域", "板块", "工作类别", "所属领域"), ColumnKind.HEADING
        ),
        **dict.fromkeys(
            ("牵头领导", "市领导", "牵头市领导", "分管市领导", "市级领导", "区政府分管领导"),
            ColumnKind.CITY_LEADER,
        ),
        **dict.fromkeys(
            ("责任领导", "分管领导", "责任人", "负责人", "包保领导"), ColumnKind.RESPONSIBLE_LEADER
        ),
        **dict.fromkeys(("责任处室", "责任科室", "承办处室", "承办科室"), ColumnKind.DIVISION),
        **dict.fromkeys(("一季度", "第一季度", "一季度目标", "一季度节点"), ColumnKind.NODE_Q1),
        **dict.fromkeys(
            ("上半年", "二季度", "第二季度", "上半年目标", "半年目标", "上半年节点"), ColumnKind.NODE_HALF
        ),
        **dict.fromkeys(("三季度", "第三季度", "前三季度", "三季度目标", "三季度节点"), ColumnKind.NODE_Q3),
        **dict.fromkeys(
            ("四季度", "第四季度", "全年", "年底", "全年目标", "四季度目标", "全年节点"), ColumnKind.NODE_YEAR
        ),
        **dict.fromkeys(("推进机制", "工作机制", "机制", "工作专班"), ColumnKind.MECHANISM),
        **dict.fromkeys(("数据来源", "数据出处", "取数来源"), ColumnKind.DATA_SOURCE),
    }


class Vocabulary:
    """Every word the stages look for. Two vocabularies are the same only when they are the same object."""

    label_roles: Mapping[str, Role] = _roles()
    label_nouns: tuple[str, ...] = (
        "单位",
        "部门",
        "地区",
        "科室",
        "处室",
        "主体",
        "县区",
        "区县",
        "乡镇",
        "机构",
        "机关",
        "方",
    )
    label_prefixes: tuple[str, ...] = (
        "市级",
        "区级",
        "县级",
        "省级",
        "州级",
        "第一",
        "主要",
        "其他",
        "具体",
        "市直",
        "区直",
        "省直",
    )
    no_labels: tuple[str, ...] = (
        "各",
        "有关",
        "相关",
        "发文",
        "发布",
        "印发",
        "报送",
        "填报",
        "编制",
        "制定",
        "起草",
        "主送",
        "抄送",
        "联系",
        "使用",
        "市直",
        "区直",
        "省直",
        "县直",
        "直属",
        "市属",
        "区属",
    )
    verbs: Mapping[str, Role] = _verbs()
    other_labels: Mapping[str, ColumnKind] = _other_labels()
    columns: Mapping[str, ColumnKind] = _columns()
    column_words: tuple[tuple[str, ColumnKind], ...] = (
        ("电话", ColumnKind.PHONE),
        ("联系人", ColumnKind.CONTACT),
        ("联络员", ColumnKind.CONTACT),
        ("处室", ColumnKind.DIVISION),
        ("科室", ColumnKind.DIVISION),
        ("市领导", ColumnKind.CITY_LEADER),
        ("区领导", ColumnKind.CITY_LEADER),
        ("县领导", ColumnKind.CITY_LEADER),
        ("领导", ColumnKind.RESPONSIBLE_LEADER),
        ("时限", ColumnKind.DEADLINE),
        ("完成时间", ColumnKind.DEADLINE),
        ("牵头", ColumnKind.LEAD),
        ("主责", ColumnKind.MAIN),
        ("配合", ColumnKind.SUPPORT),
        ("责任单位", ColumnKind.MAIN),
        ("责任部门", ColumnKind.MAIN),
        ("年度目标", ColumnKind.YEAR_TARGET),
        ("备注", ColumnKind.REMARKS),
        ("任务", ColumnKind.TASK),
        ("内容", ColumnKind.CONTENT),
    )
    organ_endings: str = "局委厅办部院署会所站队处科室馆台社团校行司心府关道乡镇村区市县州盟旗省班组联业园门位构企港网厂库店户庭支协盟"
    split_endings: str = "局委厅办部院署心府司团行会门位构处队"
    collective_words: tuple[str, ...] = ("各", "所有", "有关", "相关", "全体", "全部")
    open_words: tuple[str, ...] = ("有关", "相关", "所有")
    joined_names: tuple[str, ...] = ("市科委、中关村管委会",)
    party_organs: tuple[str, ...] = (
        "组织部",
        "宣传部",
        "统战部",
        "政法委",
        "政法委员会",
        "网信办",
        "编办",
        "老干部局",
        "机关工委",
        "社会工作部",
        "社工部",
        "巡察办",
        "改革办",
        "台办",
    )
    never_prefixed: tuple[str, ...] = (
        "人行",
        "银行",
        "银保监",
        "证监",
        "外汇",
        "海关",
        "国网",
        "电网",
        "供电",
        "铁路",
        "邮政",
        "电信",
        "移动",
        "联通",
        "铁塔",
        "公司",
        "集团",
        "管委会",
        "政府",
        "大学",
        "医院",
        "街道",
        "军分区",
        "总队",
        "分局",
        "开发区",
        "园区",
        "新区",
        "领导小组",
        "指挥部",
        "专班",
        "协会",
    )
    never_prefixed_starts: str = "省市县各全国中驻团本"
    requirement_headings: tuple[str, ...] = (
        "工作要求",
        "有关要求",
        "相关要求",
        "具体要求",
        "总体要求",
        "保障措施",
        "组织保障",
        "保障机制",
        "组织领导",
        "组织实施",
        "工作保障",
        "指导思想",
        "工作目标",
        "总体目标",
        "主要目标",
        "发展目标",
        "总体思路",
        "基本原则",
        "工作原则",
        "实施步骤",
        "工作步骤",
        "监督检查",
        "督促检查",
        "督导考核",
        "考核评价",
        "附则",
    )
    first_is_lead: tuple[str, ...] = (
        r"[列排][在于]?(?:首位|第一位|第一|最前)[^。；]{0,12}(?:为|是)?(?:牵头|主办)",
        r"(?:首位|第一)(?:责任)?单位[^。；]{0,6}(?:为|是)(?:牵头|主办)",
        r"第一责任单位[^。；]{0,6}牵头",
    )
    page_debris: tuple[str, ...] = (
        r"附件下载",
        r"扫一扫[^\n]{0,20}",
        r"【?相关(?:解读|链接|文件|稿件)】?[：:]?",
        r"(?:^|(?<=\s))政策解读[：:][^\n]{0,80}",
        r"分享(?:到)?[：:]",
        r"(?:打印|关闭)(?:本页|窗口)",
        r"责任编辑[：:][^\n]{0,20}",
        r"(?:信息)?来源[：:][^\s。]{2,30}",
        r"微信 微博(?: QQ空间)?",
        r"全真版|文字版|文件下载",
        r"[—–-]{1,2}\s?\d{1,3}\s?[—–-]{1,2}",
        r"第\s?\d{1,3}\s?页(?:\s?共\s?\d{1,3}\s?页)?",
    )


DEFAULT: Final = Vocabulary()
