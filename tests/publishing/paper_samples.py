"""Invented papers of 云江市: twelve tasks, three laggards, long texts, empty cells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from duban.publishing import contents as c

SNAPSHOT = "3f9a1c207be455d10c8e6f2a9b7d4e13a5c6f70819b2d3e4f5a6b7c8d9e0f123"
OFFICE = "云江市人民政府督查室"
NORMAL, WARNING, LATE = c.Light("●", "正常"), c.Light("▲", "预警"), c.Light("■", "滞后")
NOT_DUE, OWED, STALE, DONE = (
    c.Light("◇", "未到节点"),
    c.Light("！", "应报未报"),
    c.Light("○", "久未更新"),
    c.Light("✓", "完成"),
)


def basis(key: str) -> c.Basis:
    return c.Basis(OFFICE, date(2026, 10, 9), date(2026, 9, 30), SNAPSHOT, key)


def _row(  # noqa: PLR0917 - the first columns of the table below
    number: int,
    text: str,
    lead: str,
    leader: str,
    figures: tuple[c.Figure, c.Figure],
    light: c.Light,
    /,
    **more: str,
) -> c.LedgerRow:
    words = {
        "main": lead, "support": "", "year_target": "", "q1": "", "half": "", "q3": "", "year": "", "progress": "",
        "determination": "", "problem": "", "next_step": "", "division": "", "contact": "", "phone": "",
    }  # fmt: skip
    words |= more
    return c.LedgerRow(
        number=number, text=text, lead=lead, city_leader=leader, value=figures[0], due_value=figures[1],
        light=light, **words,
    )  # fmt: skip


ROWS = (
    _row(
        1, "健全助企服务机制，常态化开展“百名局长进千企”活动，全年走访服务企业不少于1200家，企业诉求按期办结率达到98%以上。",
        "市发展改革委", "陈志远", (964, 900), NORMAL,
        main="市发展改革委、市经济和信息化局、市商务局", support="各县（市、区）政府", year_target="走访企业1200家，诉求按期办结率98%以上",
        q1="走访300家", half="走访600家", q3="走访900家", year="走访1200家",
        progress="已走访服务企业964家，收集诉求2153件，办结2118件，按期办结率98.4%。", determination="达序时",
        next_step="组织第四季度集中走访。", division="营商环境处", contact="周明", phone="0599-5550101",
    ),
    _row(
        18, "新增城镇就业6.5万人，帮扶城乡就业困难人员就业1.2万人，城镇调查失业率控制在5.5%以内。",
        "市人力资源社会保障局", "何静", (Decimal("5.83"), Decimal("4.88")), NORMAL,
        year_target="新增城镇就业6.5万人", q1="1.6万人", half="3.25万人", q3="4.88万人", year="6.5万人",
        progress="1—9月新增城镇就业5.83万人，帮扶困难人员就业1.06万人。", determination="达序时",
        division="就业促进处", contact="林晓", phone="0599-5550118",
    ),
    _row(
        27, "加快推进云江东站综合交通枢纽建设，完成站前广场及地下空间主体结构施工，配套道路实现通车；同步开展枢纽周边三平方公里城市设计，统筹布局公共服务设施、地下停车和慢行系统，推动站城融合发展，年内完成投资18.6亿元。",
        "市交通运输局", "郑国平", (Decimal("9.7"), Decimal("13.9")), LATE,
        main="市交通运输局、市住房城乡建设局、市自然资源和规划局", support="东城区政府、市轨道集团",
        year_target="完成投资18.6亿元，主体结构封顶，配套道路通车", q1="完成投资3亿元", half="完成投资8亿元，广场基础完工",
        q3="完成投资13.9亿元，主体结构完成70%", year="完成投资18.6亿元，主体结构封顶",
        progress="累计完成投资9.7亿元，站前广场基础完工，地下空间主体结构完成41%；配套道路路基完成2.1公里。",
        determination="滞后", problem="东侧36户居民未完成搬迁，220千伏线路迁改方案未批。",
        next_step="10月底前完成搬迁签约，会同供电公司11月启动线路迁改。", division="综合规划处", contact="吴凯", phone="0599-5550127",
        remarks="市政府第23次常务会议研究",
    ),
    _row(
        33, "建成城市更新示范片区2个，改造老旧小区90个，惠及居民3.1万户。", "市住房城乡建设局", "郑国平", (66, 68), WARNING,
        year_target="改造老旧小区90个", q1="开工60%", half="全部开工，完工20个", q3="完工68个", year="完工90个",
        progress="开工90个，完工66个。", determination="基本达序时", problem="5个小区加装电梯意见不统一。",
        next_step="由街道逐户协商，11月中旬前全部进场。", division="物业与更新处", contact="赵倩", phone="0599-5550133",
    ),
    _row(
        41, "制定《云江市数据要素市场化配置改革实施方案》。", "市数据局", "陈志远", ("合法性审查", "印发"), LATE,
        year_target="三季度印发实施方案", half="征求意见", q3="印发", progress="已完成两轮征求意见，正在合法性审查。",
        determination="滞后", problem="授权运营收益分配条款存在分歧。", next_step="10月20日前提请专题会研究。",
        division="政策法规处", contact="孙立", phone="0599-5550141",
    ),
    _row(
        65, "争取国家区域医疗中心落户我市。", "市卫生健康委", "何静", ("", ""), NOT_DUE,
        year_target="完成申报材料并上报", year="完成上报", progress="申报材料已报省卫生健康委初审。", division="规划处",
        contact="许蓉", phone="0599-5550165",
    ),
    _row(
        80, "实施工业技改项目175项，规上工业企业数字化转型覆盖率达到65%。", "市经济和信息化局", "陈志远", (142, 131), NORMAL,
        year_target="技改175项", q1="44项", half="88项", q3="131项", year="175项",
        progress="实施技改项目142项，数字化转型覆盖率61.2%。", determination="达序时", division="技术改造处", contact="冯涛",
        phone="0599-5550180",
    ),
    _row(
        116, "推动高速铁路云江至临海段纳入国家规划。", "市发展改革委", "郑国平", ("", ""), NORMAL, progress="无变化", division="基础处",
        contact="周明", phone="0599-5550101",
    ),
    _row(
        162, "新建改扩建中小学幼儿园24所，新增学位2.3万个。", "市教育局", "何静", (Decimal("1.10"), Decimal("1.70")), LATE,
        main="市教育局、各县（市、区）政府", year_target="新增学位2.3万个", half="1万个", q3="1.7万个", year="2.3万个",
        progress="9月投用11所，新增学位1.1万个，其余13所中8所在建、5所未开工。", determination="滞后",
        problem="5所学校用地指标未落实。", next_step="会同自然资源部门于10月完成调剂。", division="基建处", contact="韩冰",
        phone="0599-5550162",
    ),
    _row(
        190, "每季度召开一次优化营商环境调度会。", "市政府办公厅", "陈志远", (3, 3), NORMAL, q1="1次", half="2次", q3="3次", year="4次",
        progress="三季度调度会9月18日召开。", determination="达序时", division="督查处", contact="李然", phone="0599-5550190",
    ),
    _row(
        241, "完成云江干流防洪提升二期工程12.8公里堤防建设。", "市水利局", "马俊", (Decimal("12.80"), Decimal("9.60")), DONE,
        year_target="12.8公里", half="6公里", q3="9.6公里", year="12.8公里", progress="12.8公里堤防全部完工，9月26日通过完工验收。",
        determination="完成", division="建设处", contact="高岩", phone="0599-5550241", remarks="提前完成",
    ),
    _row(259, "坚决防范遏制重特大生产安全事故。", "市应急局", "马俊", ("", ""), OWED, main="市应急局、各县（市、区）政府"),
)  # fmt: skip


def ledger() -> c.LedgerContent:
    return c.LedgerContent(
        basis("2026Q3"),
        "云江市2026年市政府重点任务总台账",
        "2026年第三季度",
        (
            c.LedgerSheet(
                "按篇章",
                (
                    c.LedgerGroup("一、推动经济持续回升向好", ROWS[:2]),
                    c.LedgerGroup("二、提升城市建设治理水平", ROWS[2:5]),
                    c.LedgerGroup("三、保障和改善民生", ROWS[5:]),
                ),
            ),
            c.LedgerSheet(
                "按市领导",
                tuple(
                    c.LedgerGroup(name, tuple(row for row in ROWS if row.city_leader == name))
                    for name in ("陈志远", "何静", "郑国平", "马俊")
                ),
            ),
            c.LedgerSheet("按单位", (c.LedgerGroup("市发展改革委", (ROWS[0], ROWS[7])),)),
        ),
    )


TALLIES = (
    c.Tally("● 正常", 231, 224),
    c.Tally("▲ 预警", 28, 33),
    c.Tally("■ 滞后", 13, 9),
    c.Tally("◇ 未到节点", 22, 34),
    c.Tally("✓ 完成", 6, 0),
)
LAGGARDS = (
    c.Laggard(
        27, "云江东站综合交通枢纽建设", "市交通运输局", "郑国平副市长",
        "年内完成投资18.6亿元，主体结构封顶、配套道路通车；三季度末应完成投资13.9亿元、主体结构70%。",
        "累计完成投资9.7亿元，为三季度节点的69.8%；地下空间主体结构完成41%，落后节点29个百分点。",
        "东侧36户居民搬迁未完成，220千伏线路迁改方案尚未批复，影响东侧基坑开挖约2.3万平方米。",
        "市交通运输局会同东城区政府成立搬迁专班，10月底前完成签约；线路迁改方案已报供电公司，11月启动迁改。",
        "请郑国平副市长召集专题会议，协调供电公司压缩方案审批时间；由东城区政府于10月31日前报送搬迁结果。",
    ),
    c.Laggard(
        41, "数据要素市场化配置改革实施方案", "市数据局", "陈志远副市长", "三季度印发实施方案。", "两轮征求意见已完成，正在合法性审查。",
        "授权运营收益分配条款，市财政局、市数据局意见不一致。", "市数据局10月20日前提请专题会研究。", "请市司法局同步完成审查，10月底前提请审议。",
    ),
    c.Laggard(
        162, "新建改扩建中小学幼儿园", "市教育局", "何静副市长", "全年24所、学位2.3万个；三季度末应新增学位1.7万个。",
        "投用11所，新增学位1.1万个，占三季度节点的64.7%；8所在建，5所未开工。", "5所学校用地指标未落实，涉及北山区3所、临江县2所。",
        "市自然资源和规划局10月完成指标调剂。", "",
    ),
)  # fmt: skip


def special_report() -> c.SpecialReportContent:
    return c.SpecialReportContent(
        basis=basis("2026Q3"),
        series="政务督查专报",
        issue=12,
        title="关于2026年第三季度市政府重点任务落实情况的报告",
        period="2026年第三季度",
        total=300,
        total_before=300,
        summary=(
            (
            "2026年市政府重点任务共300项。截至9月30日，应报送412项次，已报送397项次，15项次逾期未报，涉及9个单位。"
            "经督查核定，正常231项，预警28项，滞后13项，未到节点22项，完成6项；与上半年相比，正常增加7项，预警减少5项，滞后增加4项。"
            ),
            "滞后事项主要集中在重大工程和用地保障方面，其中因搬迁、用地、线路迁改等前置条件未落实造成滞后的8项，占61.5%。",
        ),
        tallies=TALLIES,
        leaders=(
            c.LeaderTally("陈志远", "发展改革、工业、数据、营商环境", 96, (77, 8, 4, 5, 2)),
            c.LeaderTally("何静", "教育、卫生、人社、民政", 81, (62, 9, 3, 6, 1)),
            c.LeaderTally("郑国平", "交通、住建、自然资源", 74, (54, 8, 5, 6, 1)),
            c.LeaderTally("马俊", "农业农村、水利、应急", 49, (38, 3, 1, 5, 2)),
        ),
        laggards=LAGGARDS,
        left_out=(),
        advice=(
            "对13项滞后任务逐项下达督办单，明确整改时限，10月31日前由牵头单位主要负责同志签字报送办理结果。",
            "对连续两个季度滞后的3项任务，提请分管市领导专题调度。",
        ),
        annex_title="滞后和预警事项明细表",
        annex=tuple(
            c.AnnexRow(
                row.number, row.text[:24] + "……", row.lead, row.city_leader, row.value, row.due_value, row.light,
            )
            for row in ROWS
            if row.light in {LATE, WARNING}
        ),
        signed_by="",
        checked_by="李然",
        drafted_by="王敏",
        submitted_to="市长，各副市长，市政府秘书长",
        sent_to="各县（市、区）政府，市政府各部门",
    )  # fmt: skip


def order(form: c.OrderForm = c.OrderForm.NOTICE) -> c.OrderContent:
    is_letter = form is c.OrderForm.LETTER
    return c.OrderContent(
        basis=basis("order/3"),
        form=form,
        head="云江市人民政府办公厅" if is_letter else "云江市人民政府督办通知",
        number="云政督函〔2026〕5号" if is_letter else "云政督〔2026〕3号",
        title="关于商请加快220千伏云东线迁改工作的督查函"
        if is_letter
        else "关于加快云江东站综合交通枢纽建设的督办通知",
        addressee="国网云江供电公司" if is_letter else "市交通运输局",
        matter=(
            (
                "重点任务第27项“加快推进云江东站综合交通枢纽建设”，年度目标为完成投资18.6亿元、主体结构封顶。"
                "截至9月30日，累计完成投资9.7亿元，落后三季度节点4.2亿元；主体结构完成41%，落后节点29个百分点。"
            ),
        ),
        grounds=(
            "《云江市2026年市政府重点任务清单》（云政发〔2026〕1号）第27项；市政府第23次常务会议纪要。",
        ),
        requirement=(
            "10月31日前完成东侧36户居民搬迁签约，11月15日前启动220千伏线路迁改，12月31日前主体结构封顶。",
            "每周五报送进展，遇有需市政府协调的事项及时报告。",
        ),
        due_on=date(2026, 10, 31),
        contact="李然",
        phone="0599-5550190",
        urgency="特急",
        copies_to="" if is_letter else "市住房城乡建设局，东城区政府",
    )


def urging() -> c.UrgingContent:
    return c.UrgingContent(
        basis("2026Q3"),
        "2026年第三季度重点任务报送催报名单",
        "2026年第三季度",
        date(2026, 10, 8),
        "应报412项，已报397项，15项逾期未报，涉及4个单位。",
        (
            c.UrgingRow(
                "市应急局", 6, date(2026, 9, 30), "蒋伟", "0599-5550259", "10月8日16时电话，答复9日中午前报送"
            ),
            c.UrgingRow("临江县政府", 5, date(2026, 10, 8), "苏萍", "0599-5550302", ""),
            c.UrgingRow("国网云江供电公司", 3, date(2026, 10, 8), "", "", "无联络员，函询"),
            c.UrgingRow(
                "中国（云江）跨境电子商务综合试验区建设工作领导小组办公室",
                1,
                None,
                "任远",
                "0599-5550377",
                "",
            ),
        ),
    )


def unit_tasks() -> c.UnitTasksContent:
    return c.UnitTasksContent(
        basis("2026/unit/17"),
        "2026年市政府重点任务单",
        "市交通运输局",
        "牵头1项，参与11项，共12项",
        tuple(
            c.UnitTask(
                row.number, row.text, "牵头" if row.number == 27 else "配合", row.lead, row.city_leader, row.year_target,
                (row.q1, row.half, row.q3, row.year), "刘建国" if row.division else "", row.division, row.contact, row.phone,
            )
            for row in ROWS
        ),
    )  # fmt: skip


def report_form(*, filled: bool = False) -> c.ReportFormContent:
    rows = tuple(
        c.ReportRow(
            row.number, row.text, row.year_target, row.q3, row.progress[:40],
            *((row.progress, row.value, row.problem, row.next_step) if filled else ()),
        )
        for row in ROWS[:7]
    )  # fmt: skip
    title = "2026年市政府重点任务进展情况报送表"
    return c.ReportFormContent(
        basis("2026Q3/unit/17"), title, "市交通运输局", "2026年第三季度", date(2026, 10, 8), "吴凯", "0599-5550127", rows
    )  # fmt: skip


def sign_off() -> c.SignOffContent:
    return c.SignOffContent(
        basis=basis("2026Q3/unit/17"),
        title="重点任务进展情况审签单",
        unit="市交通运输局",
        period="2026年第三季度",
        row_count=12,
        unchanged_count=3,
        problem_count=4,
        check_code="7KQM-2D9F-XH41",
        send_to=OFFICE,
        due_on=date(2026, 10, 8),
        signer="刘建国",
    )


def leader_brief(times: int = 1) -> c.LeaderBriefContent:
    late = (
        c.LateLine(
            27,
            "云江东站综合交通枢纽建设",
            "市交通运输局",
            LATE,
            "完成投资9.7亿元，三季度节点13.9亿元，搬迁36户未签约。",
        ),
        c.LateLine(
            33,
            "城市更新和老旧小区改造",
            "市住房城乡建设局",
            WARNING,
            "完工66个，节点68个，5个小区加装电梯意见不统一。",
        ),
        c.LateLine(116, "高铁云江至临海段纳入国家规划", "市发展改革委", STALE, "连续两期无变化。"),
    )
    decisions = (
        c.DecisionLine("220千伏云东线迁改方案审批时间，需与供电公司协调，是否召开专题会议。", "市交通运输局"),
        c.DecisionLine("第33项完工时限由11月底延至12月20日的申请。", "市住房城乡建设局"),
    )
    return c.LeaderBriefContent(
        basis=basis("2026Q3/leader/3"),
        title="分管重点任务一页通",
        leader="郑国平副市长",
        period="2026年第三季度",
        answer="您分管的74项任务，正常54项，滞后5项，比上期多2项；2件事等您定夺。",
        total=74,
        tallies=tuple(
            c.Tally(tally.word, now, before)
            for tally, now, before in zip(TALLIES, (54, 8, 5, 6, 1), (56, 8, 3, 7, 0), strict=True)
        ),
        late=late * times,
        decisions=decisions * times,
        phone="0599-5550190",
    )
