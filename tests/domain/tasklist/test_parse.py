"""The ways lists are printed (rules.md, section 6), one made-up example each, compared whole."""

from datetime import date

import pytest

from duban.domain.source import SourceText
from duban.domain.tasklist.pipeline import parse


def brief(text):
    """Tasks as number, path, text and units with the first letter of their role; then the codes of the findings."""
    parsed = parse(SourceText(text))
    tasks = [
        (t.number, *t.path, t.text, " ".join(f"{u.role.value[0]}:{u.name}" for u in t.units))
        for t in parsed.tasks
    ]
    return tasks, sorted({f.code for f in parsed.findings})


EXAMPLES = {
    "label line with commas": (
        "1.修一条路。\n主责单位：市交通局，市财政局\n2.架一座桥。\n主责单位：市水务局\n",
        [("1", "修一条路。", "m:市交通局 m:市财政局"), ("2", "架一座桥。", "m:市水务局")],
        [],
    ),
    "one name with a pause, and an alias in brackets": (
        "1.办展。\n主责单位：市科委、中关村管委会，市委宣传部（市电影局）\n2.办会。\n主责单位：市科委、中关村管委会\n",
        [
            ("1", "办展。", "m:市科委、中关村管委会 m:市委宣传部（市电影局）"),
            ("2", "办会。", "m:市科委、中关村管委会"),
        ],
        ["name_joint"],
    ),
    "roles in one bracket, prefix left out": (
        "一、产业\n（一）建园区。（牵头单位：市发改委；配合单位：市商务局、规划局、东山区政府）\n（二）办展会。（牵头单位：市商务局；配合单位：市公安局）\n",
        [
            ("（一）", "一、产业", "建园区。", "l:市发改委 s:市商务局 s:规划局 s:东山区政府"),
            ("（二）", "一、产业", "办展会。", "l:市商务局 s:市公安局"),
        ],
        ["prefix_restored"],
    ),
    "collective and time in one bracket": (
        "1.优化通关。（国务院各部门分别负责，年内持续推进）\n2.压减证照。（市场监管总局牵头，6月底前完成）\n",
        [("1", "优化通关。", "m:国务院各部门"), ("2", "压减证照。", "l:市场监管总局")],
        [],
    ),
    "two label lines": (
        "1．改造旧厂。\n牵头单位：区发改局\n责任单位：南湖开发区，全区经济运行各专班\n2．供热。\n牵头单位：区住建局\n责任单位：各街道，各相关单位\n",
        [
            ("1", "改造旧厂。", "l:区发改局 m:南湖开发区 m:全区经济运行各专班"),
            ("2", "供热。", "l:区住建局 m:各街道 m:各相关单位"),
        ],
        ["open_collective", "role_unclear"],
    ),
    "verbs after the lists": (
        "1.一窗受理（市政府办公室、市审改领导小组办公室牵头，市级各有关部门及各县市区政府按职责分工负责）。\n2.清理证明（市司法局牵头，市公安局等配合）。\n",
        [
            ("1", "一窗受理", "l:市政府办公室 l:市审改领导小组办公室 m:市级各有关部门 m:各县市区政府"),
            ("2", "清理证明", "l:市司法局 s:市公安局"),
        ],
        ["list_open_ended", "open_collective"],
    ),
    "the notice says that the first leads": (
        "分解表中，列第一位的责任单位为牵头单位。\n一、城建\n1.修路。\n责任单位：市建委、市财政局\n2.架桥。\n责任单位：市交通局\n",
        [("1", "一、城建", "修路。", "l:市建委 m:市财政局"), ("2", "一、城建", "架桥。", "l:市交通局")],
        ["first_listed_leads"],
    ),
    "a collective with delimiters inside": (
        "1.防汛。（省水利厅牵头，各市、县〔区〕人民政府、江湾新区管委会配合）\n2.抗旱。（省应急厅牵头，各县（市、区）政府配合）\n",
        [
            ("1", "防汛。", "l:省水利厅 s:各市、县〔区〕人民政府 s:江湾新区管委会"),
            ("2", "抗旱。", "l:省应急厅 s:各县（市、区）政府"),
        ],
        [],
    ),
    "label without brackets, glued on both sides": (
        "一、增收（一）产业1.建大棚，投资1.5亿元。责任单位：区农业局，区水利局（二）就业2.办培训。责任单位：区人社局二、乡村3.修水渠。责任单位：区水利局",
        [
            ("1", "一、增收", "（一）产业", "建大棚，投资1.5亿元。", "m:区农业局 m:区水利局"),
            ("2", "一、增收", "（二）就业", "办培训。", "m:区人社局"),
            ("3", "二、乡村", "修水渠。", "m:区水利局"),
        ],
        [],
    ),
    "chapter is task": (
        "一、稳定用工。帮助企业招人。（责任单位：市人社局）二、降低成本。减免租金。（责任单位：市国资委）",
        [("一", "稳定用工。帮助企业招人。", "m:市人社局"), ("二", "降低成本。减免租金。", "m:市国资委")],
        ["chapter_is_task"],
    ),
    "several assignments in one item": (
        "1.鼓励返乡（市人社局牵头，市财政局配合）。支持创业（市工信局牵头）。\n2.办集市。（市商务局牵头）\n",
        [
            ("1", "鼓励返乡（市人社局牵头，市财政局配合）。支持创业", "l:市人社局 s:市财政局 l:市工信局"),
            ("2", "办集市。", "l:市商务局"),
        ],
        ["several_assignments"],
    ),
    "numbering starts again": (
        "一、经济\n1.稳增长。\n主责单位：市发展改革委\n二、民生\n1.稳就业。\n主责单位：市人社局\n",
        [("1", "一、经济", "稳增长。", "m:市发展改革委"), ("1", "二、民生", "稳就业。", "m:市人社局")],
        ["number_restart"],
    ),
    "sub-items belong to their task": (
        "1.提升环境：（1）扫街；（2）治河；①清淤②截污。责任单位：市城管局\n2.提升服务。责任单位：市政务局\n",
        [
            ("1", "提升环境：（1）扫街；（2）治河；①清淤②截污。", "m:市城管局"),
            ("2", "提升服务。", "m:市政务局"),
        ],
        [],
    ),
    "sub-items with units of their own": (
        "1.提升环境\n（1）扫街。责任单位：市城管局\n（2）治河。责任单位：市水务局\n",
        [("（1）", "1.提升环境", "扫街。", "m:市城管局"), ("（2）", "1.提升环境", "治河。", "m:市水务局")],
        [],
    ),
    "goals before and requirements after are no tasks": (
        "一、总体要求\n坚持稳中求进。\n二、重点任务\n1.育企。（责任单位：市工信局）\n2.引资。（责任单位：市投促局）\n三、工作要求\n（一）加强领导。各单位要重视。\n（二）强化督查。按季通报。\n云江市人民政府\n2026年3月1日\n",
        [("1", "二、重点任务", "育企。", "m:市工信局"), ("2", "二、重点任务", "引资。", "m:市投促局")],
        [],
    ),
    "no units at all": (
        "1.育企，新增企业50家。\n2.引资，到位资金8亿元。\n",
        [("1", "育企，新增企业50家。", ""), ("2", "引资，到位资金8亿元。", "")],
        ["task_without_units"],
    ),
    "no numbers": (
        "突出工业。实施百项工程。\n责任单位：市工信局\n繁荣商贸。新增限上企业。\n责任单位：市商务局\n",
        [("1", "突出工业。实施百项工程。", "m:市工信局"), ("2", "繁荣商贸。新增限上企业。", "m:市商务局")],
        ["number_inferred"],
    ),
    "units before the text": (
        "1.建湿地。（责任单位：市林业局）完成一期工程，种树三万株，建成步道。\n2.办花展。（责任单位：市园林局）布置展区二十处，安全有序接待。\n",
        [
            ("1", "建湿地。（责任单位：市林业局）完成一期工程，种树三万株，建成步道。", "m:市林业局"),
            ("2", "办花展。（责任单位：市园林局）布置展区二十处，安全有序接待。", "m:市园林局"),
        ],
        [],
    ),
    "labels without a colon": (
        "1.建湿地。【责任单位】市林业局、市财政局\n2.办花展。\n责任单位 市园林局 市财政局\n",
        [("1", "建湿地。", "m:市林业局 m:市财政局"), ("2", "办花展。", "m:市园林局 m:市财政局")],
        [],
    ),
    "a label nobody has seen": (
        "1.建湿地。\n包联单位：市林业局\n2.办花展。\n包联单位：市园林局\n",
        [("1", "建湿地。", "m:市林业局"), ("2", "办花展。", "m:市园林局")],
        ["label_unknown"],
    ),
    "role behind the name": (
        "1.建湿地。责任单位：市林业局（牵头）、市财政局、市水利局（配合）\n2.办花展。责任单位：市园林局\n",
        [("1", "建湿地。", "l:市林业局 m:市财政局 s:市水利局"), ("2", "办花展。", "m:市园林局")],
        [],
    ),
    "unclosed bracket": (
        "1.建湿地。（责任单位：市林业局、市财政局 2.办花展。（责任单位：市园林局）\n",
        [("1", "建湿地。", "m:市林业局 m:市财政局"), ("2", "办花展。", "m:市园林局")],
        ["bracket_unclosed"],
    ),
    "a lost number": (
        "1.建湿地。（责任单位：市林业局）护住水源。（责任单位：市水利局）3.办花展。（责任单位：市园林局）",
        [("1", "建湿地。", "m:市林业局"), ("2", "护住水源。", "m:市水利局"), ("3", "办花展。", "m:市园林局")],
        ["number_inferred"],
    ),
    "gaps and repeats": (
        "1.甲事。\n主责单位：市教委\n4.乙事。\n主责单位：市科协\n4.丙事。\n主责单位：市文联\n",
        [("1", "甲事。", "m:市教委"), ("4", "乙事。", "m:市科协"), ("4", "丙事。", "m:市文联")],
        ["number_gap", "number_repeated"],
    ),
    "page breaks and broken lines": (
        "1.完成重\n— 3 —\n点投资。\n主责单位：市发展改革\n委，市财政局\n2.办花展。\n主责单位：市园林局\n",
        [("1", "完成重点投资。", "m:市发展改革委 m:市财政局"), ("2", "办花展。", "m:市园林局")],
        [],
    ),
    "numbers that are no numbers": (
        "1.建成二、三、四号线，增长 3.5%，共12.8公里、1、2月开工。责任单位：市交通局\n2、办花展。责任单位：市园林局\n",
        [
            ("1", "建成二、三、四号线，增长3.5%，共12.8公里、1、2月开工。", "m:市交通局"),
            ("2", "办花展。", "m:市园林局"),
        ],
        [],
    ),
    "other numbers": (
        "任务一：建湿地。\n责任单位：市林业局\n任务二：办花展。\n责任单位：市园林局\n",
        [("任务一", "建湿地。", "m:市林业局"), ("任务二", "办花展。", "m:市园林局")],
        [],
    ),
    "numbers with parts": (
        "1.1 建湿地。责任单位：市林业局\n1.2 护水源。责任单位：市水利局\n",
        [("1.1", "建湿地。", "m:市林业局"), ("1.2", "护水源。", "m:市水利局")],
        [],
    ),
    "chapters with 章 and 节": (
        "第一章 产业\n第一节 工业\n1.育企。\n责任单位：市工信局\n第二章 城市\n2.修路。\n责任单位：市交通局\n",
        [
            ("1", "第一章产业", "第一节工业", "育企。", "m:市工信局"),
            ("2", "第二章城市", "修路。", "m:市交通局"),
        ],
        [],
    ),
    "jointly with": (
        "1.普查。（市统计局会同市财政局、市教委负责）\n2.审计。（由市审计局牵头）\n",
        [("1", "普查。", "l:市统计局 s:市财政局 s:市教委"), ("2", "审计。", "l:市审计局")],
        [],
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_layouts(name):
    text, tasks, codes = EXAMPLES[name]
    assert brief(text) == (tasks, codes)


def test_leaders_and_time_limits_have_their_labels():
    parsed = parse(
        SourceText(
            "2025年重点任务清单\n1.建北站。\n牵头领导：张三、李四\n牵头单位：市交通局\n完成时限：2025年10月底前\n"
            "2.修河道。\n责任领导：王五　责任单位：市水务局\n"
        )
    )
    first, second = parsed.tasks
    assert [leader.text for leader in first.leaders] == ["张三", "李四"]
    assert (first.deadline.text, first.deadline.date) == ("2025年10月底前", date(2025, 10, 31))
    assert [leader.text for leader in second.leaders] == ["王五"]
    assert [unit.name for unit in second.units] == ["市水务局"]


def test_the_notice_around_the_list_is_matter_with_a_reason():
    text = (
        "云江市人民政府关于印发《云江市2026年重点任务清单》的通知\n云政发〔2026〕3号\n各区人民政府：\n现将清单印发给你们。\n"
        "云江市人民政府\n2026年2月3日\n云江市2026年重点任务清单\n1.修路。\n主责单位：市交通局\n2.架桥。\n主责单位：市水务局\n"
        "（此件公开发布）\n附件下载\n"
    )
    parsed = parse(SourceText(text))
    assert (parsed.title, parsed.document_number, parsed.issuer, parsed.issued_on) == (
        "云江市人民政府关于印发《云江市2026年重点任务清单》的通知",
        "云政发〔2026〕3号",
        "云江市人民政府",
        date(2026, 2, 3),
    )
    assert parsed.findings == ()
    reasons = {s.reason: s.span.of(text) for s in parsed.stretches if s.reason}
    assert list(reasons) == ["title", "document_number", "preface", "issuer", "date", "signature", "debris"]


def test_objects_of_a_script_are_tasks():
    text = (
        '{id: "1-1", title: "数字社会", tasks: [{id: "7", title: "教育", content: "建设\\"慧学\\"平台。", departments: "省教育厅牵头"},\n'
        '{id: "8", title: "养老", content: "推广一卡通。", departments: "省民政厅、财政厅按职责分工负责"}]}'
    )
    parsed = parse(SourceText(text))
    assert [(t.number, t.path, t.text, [(u.name, u.role.value) for u in t.units]) for t in parsed.tasks] == [
        ("7", ("数字社会",), '建设"慧学"平台。', [("省教育厅", "lead")]),
        ("8", ("数字社会",), "推广一卡通。", [("省民政厅", "main"), ("财政厅", "main")]),
    ]
    assert not [s for s in parsed.stretches if s.matter.value == "unconsumed"]


def test_text_without_any_task_says_so():
    assert brief("关于天气的说明，今日晴。") == ([], ["no_tasks", "unconsumed"])
