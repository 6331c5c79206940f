"""The words by which a text shows what kind of task it is. Data only: natures.py says how they are weighed."""

from __future__ import annotations

from typing import Final

POLITICAL: Final = (
    "党的二十大", "党的二十届", "党的全面领导", "党中央决策部署", "两个确立", "习近平", "马克思主义", "意识形态", "政治安全",
    "中央八项规定", "管党治党", "从严治党", "党风廉政", "不敢腐", "主题教育", "群众路线", "巡视", "紧日子", "人大代表议案",
    "人大代表建议", "政协提案", "民主监督", "为党育人",
)  # fmt: skip
"""Political duties: they keep being done, and a number among them (5% less for meetings) does not change that."""

CITED: Final = (
    "清单所列", "计划所列", "名单所列", "方案所列", "清单确定的", "清单明确的", "方案明确的", "规划明确的", "方案确定的",
)  # fmt: skip
"""Phrases that count by another list; printed numbers such as 175项重点任务 are found by CITED_COUNT."""

CITED_COUNT: Final = r"\d{1,6}项(?:重点|主要|年度|具体)?(?:任务|举措)|[“\"]\d{1,5}个\d{1,5}[”\"]"
"""175项重点任务, “3个100”."""

STATISTICS: Final = (
    "失业率", "居民消费价格", "CPI", "地区生产总值", "GDP", "生产总值能耗", "二氧化碳排放", "碳排放强度", "城镇新增就业",
    "污水处理率", "可再生能源利用", "可再生能源消费", "外调绿电", "细颗粒物", "PM2.5", "优良天数", "空气质量优良", "固定资产投资增长",
    "固定资产投资增速", "民间投资增长", "工业投资", "社会消费品零售", "一般公共预算收入", "人均可支配收入", "可支配收入增长",
    "工业增加值", "服务业增加值", "农业增加值", "研发经费投入", "研发投入强度", "投入强度", "城镇化率", "进出口", "出口规模",
    "旅游总花费", "水质优良", "断面水质", "森林覆盖率", "能耗强度", "实际使用外资", "实际利用外资",
)  # fmt: skip
"""Indicators that a statistics, environment or finance authority publishes; the unit cannot know the value before."""

STATISTIC_AIMS: Final = ("国家要求", "国家下达", "上级下达", "控制目标", "目标要求")
"""What stands for the number of an official statistic when none is printed."""

FLOOR: Final = (
    "坚决防范", "防范和遏制", "防范遏制", "坚决遏制", "坚决守住", "牢牢守住", "守住不发生", "不发生", "零发生", "严防", "反弹",
    "动态消除", "动态清零", "基本稳定", "绿色区间", "安全底线", "风险底线", "用地底线", "不突破", "不失守", "重特大事故",
)  # fmt: skip
"""What must not happen: nothing to report until it does."""

RECURRING: Final = (
    "每季度", "每月", "每周", "每半年", "每两个月", "每双月", "每旬", "按月", "按季度", "逐月", "逐季", "月度调度",
)  # fmt: skip
"""A fixed interval within the year; 每年 is not one, since the list itself is yearly."""

YEARLY_REVIEWS: Final = r"(?:20\d\d年度|年度)[^，。；、]{0,20}(?:体检|评估|普查|监测报告|白皮书)(?!制度|机制)"
"""One occurrence a year of a standing exercise: 开展2022年度…实施体检."""

UPWARD: Final = (
    "积极争取", "努力争取", "争取国家", "争取中央", "争取省", "争取部委", "争取列入", "争取纳入", "争取获批", "争取一批", "争取新",
    "积极争创", "争创全国", "争创国家", "争创省", "升级为国家级", "上升为国家", "报批", "国务院批复", "国家批复", "有关部门批复",
    "部门批复", "获得批复", "获批设立", "推动获批",
)  # fmt: skip
"""Acts whose outcome a higher level decides."""

UPWARD_START: Final = (
    ("力争", "开工"),
    ("力争", "获批"),
    ("力争", "批复"),
    ("力争", "纳入国家"),
    ("力争", "落地"),
    ("争取", "列入"),
    ("争取", "纳入"),
    ("争取", "批复"),
)
"""Two words that mean it only together in one clause: 力争…开工建设 waits for an approval, 力争达到45% does not."""

PROGRAMMES: Final = (
    "两年行动", "三年行动", "四年行动", "五年行动", "两年计划", "三年计划", "五年计划", "三年攻坚", "三年提升", "三年方案", "五年规划",
)  # fmt: skip
"""Programmes that run over several years."""

PROGRAMME_ENDS: Final = ("收官", "收尾", "成果", "完成三年", "期满")
"""In the same clause: the programme ends this year or is over, nothing is carried into the next."""

RULES: Final = ("制定", "编制", "修订", "出台", "起草", "拟订", "立法", "印发", "制订", "公布实施", "发布《")
"""A document is to be written and issued."""

RULES_NOT: Final = ("标准制定", "基准制定", "已出台", "编制管理", "机构编制", "规则制定", "已印发")
"""Where such a word names something else."""

WORKS_STAGES: Final = (
    "竣工", "开工", "投用", "投运", "投产", "通车", "主体完工", "主体结构", "封顶", "投入使用", "试运行", "正式运行", "试生产",
    "前期工作", "前期手续", "前期研究", "选址建设", "迁建", "扩建", "续建项目", "续建工程", "开业", "开馆", "扩能", "入地改造", "土地平整", "主体施工", "交付使用",
)  # fmt: skip
"""Stages of works: one is enough."""

WORKS_VERBS: Final = ("建设", "改造", "落地", "施工", "推进", "加快")
WORKS: Final = (
    "项目", "工程", "医院", "院区", "校区", "公园", "博物馆", "体育馆", "图书馆", "科技馆", "枢纽", "园区", "产业园", "科技园", "示范园",
    "基地", "高速", "铁路", "号线", "快线", "航站楼", "示范区", "综保区", "联络道", "码头", "水库", "水厂", "泊位", "大桥", "隧道",
    "管廊", "变电站", "污水处理厂", "学校", "会展中心", "检测中心", "创新中心", "配送中心", "基础设施", "设施", "系统工程", "国家实验室",
    "安置房", "公路", "国道",
)  # fmt: skip
"""A building verb and a thing that is built, in one clause."""

WORKS_LOOSE: Final = ("推进", "加快", "落地")
"""Verbs that make works only of 项目建设 and 工程, not of a campus or a base that is merely helped along."""

WORKS_NOT: Final = (
    "一批", "体系建设", "机制建设", "能力建设", "队伍建设", "制度建设", "平安", "一体化规划", "体系", "学科建设", "试点", "人才培养",
    "科普", "公共服务设施和", "党建", "家风", "宅基地", "建设用地", "化建设", "薪火", "筑基", "研究和建设工程",
)  # fmt: skip
"""Where the verb builds something abstract, or so vaguely (一批) that no stage can be named."""

WORKS_LISTED: Final = r"等[^，。；、]{0,6}(?:项目|工程)"
"""…医院、…枢纽等项目: named works, which count even as the only ones in a long text."""

EVENT_VERBS: Final = ("举办", "承办", "办好", "组织", "召开", "协办", "开展好")
EVENT_NOUNS: Final = (
    "论坛", "峰会", "高峰会", "大会", "博览会", "交易会", "洽谈会", "研讨会", "展览会", "推介会", "合作会议", "运动会", "锦标赛", "公开赛",
    "马拉松", "邀请赛", "大赛", "联赛", "龙舟赛", "赛事", "展演季", "消费季", "阅读季", "交流季", "电影节", "文化节", "音乐节", "艺术节",
    "购物节", "首发节", "采摘节", "体育节", "设计周", "文化周", "合作周", "科技周", "青年周", "宣传周", "宣传日", "科普日", "减灾日",
    "主题宣传活动", "周年", "航空展", "国际展", "庆典", "灯会", "开幕式", "评选活动", "会议第",
)  # fmt: skip
"""A verb of holding and a named occasion, in one clause."""

EVENT_DATED: Final = r"第[一二三四五六七八九十百\d]{1,5}[届次]|(?<!\d)1?\d月(?!底|末)"
"""第三届, 9月: an occasion so dated is followed by its date, whatever numbers it has."""
