"""The words by which quantities, limits and clauses are recognised, apart from the code so that they can be extended."""

from __future__ import annotations

from typing import Final

from duban.domain.tasklist.records import Comparator


def listed(text: str) -> tuple[str, ...]:
    """Words written with blanks between them, as a tuple."""
    return tuple(text.split())


# Units of measure and measure words. 大 号 期 代 级 届 号线 are absent on purpose: with them a number names a thing.
MEASURES: Final = listed("""
    个百分点 百分点 个基点 基点 个工作日 工作日 个自然日 个月 个
    微克/立方米 毫克/立方米 毫克/升 吨标准煤 吨/日 吨/年 吨/天 立方米/日 立方米/天 吨标煤 标准箱 标箱 TEU
    千瓦时 千瓦 兆瓦时 兆瓦 吉瓦 kWh kW MW GW 蒸吨 吨 公斤 千克 克 斤
    平方公里 平方千米 平方米 立方米 公顷 公里 千米 海里 延米 米 亩 ㎡ m² km² km
    人次 人天 户次 名 人 户 家 位 员
    所 座 处 项 条 套 张 场次 场 部 辆 件 批次 类 种 株 栋 幢 台套 台 艘 架次 架 头 只 羽 册 集 首 幅 篇 份
    枚 颗 棵 块 组 对 支 队 床位 床 车次 车位 班次 标段 站 层 间 宗 起 例 单 笔 口 眼 孔 盏 根 节 段 倍 片 次 本
    元/人 美元 欧元 港元 元 % ％ 小时 分钟 秒 天 日 年 课时 学时 学分 学位
""")
PER_CENT: Final = frozenset(listed("% ％"))
MONEY: Final = frozenset(listed("元 美元 欧元 港元 元/人"))
DURATIONS: Final = frozenset(listed("年 个月 天 日 个工作日 工作日 个自然日 小时 分钟 秒"))

# Measures that give the size of a thing (3000户以上大型社区, 500万元以上的小微企业) as often as a quantity.
SIZES: Final = frozenset(listed("户 人 元 年 吨 蒸吨 千瓦 米 床 个月 天 小时 %"))
SIZED: Final = listed("""
    社区 小区 村 企业 单位 机构 项目 园区 医院 学校 锅炉 建筑 楼宇 路段 河流 城市 城镇 乡镇 县 车辆 船舶 贷款 宽带 工程 纳税人 载体 站点 群体 人员
    期限 劳动合同
""")
# Measures that count named things as often as deliverables.
NAMING_MEASURES: Final = frozenset(listed("个 项 条 类 份 种"))
# A number before these names a thing: the count is part of the name (corpus README, doubtful decision 6) …
NAMED: Final = listed("规划 领域 方面 层级 环节 维度 原则 要求 政策 措施 制度 意见 举措")
# … unless the issuer undertakes to issue them.
ISSUING_VERBS: Final = listed("出台 制定 推出 编制 发布 印发 制修订 修订 新编 起草")


def _bounds() -> dict[str, Comparator | None]:
    """Words that stand right before a number. None: a level is reached, or nothing is said about the bound."""
    ge = "不少于 不低于 不小于 至少 最少 最低 超过 超 突破 高于 大于 多于 不得少于 不得低于 不能低于 不能少于 满 达到或超过 超出"
    le = "不超过 不得超过 不高于 不多于 不大于 最高 最长 最多 控制在 低于 少于 小于 不足 不得高于 不能超过 限制在"
    said = {
        Comparator.GE: ge,
        Comparator.LE: le,
        Comparator.APPROX: "约 大约 近 接近 将近 约为 大概",
        Comparator.STRIVE: "力争 争取 努力 力求",
    }
    plain = """
        达到 达 提高到 提高至 提升到 提升至 增加到 增加至 增至 扩大到 扩大至 扩大为 降到 降至 降低到 降低至 下降到 下降至 减少到 减少至 减至
        压缩到 压缩至 压减到 压减至 缩短到 缩短至 稳定在 保持在 维持在 为 至 到 共 共计 合计 总计 累计 累计达到 各 均 原则上 进一步 再
        实现 使 在 的 按 按照 给予 了 可 对 将 把 分别 每人每天 每人每月 每人每年 每月 每年 每天
    """
    words: dict[str, Comparator | None] = dict.fromkeys(listed(plain))
    return words | {word: bound for bound, many in said.items() for word in listed(many)}


BEFORE: Final = _bounds()
# These bind from a distance too (至少降低0.5个百分点, 不超过合同额50%), and never describe a size.
FIRM: Final = listed("至少 不少于 不低于 不得少于 不得低于 不超过 不得超过 不高于 最高 最多 最长")
# Words that stand right after the measure.
AFTER: Final = {
    word: bound
    for bound, many in (
        (Comparator.GE, "以上 及以上"),
        (Comparator.LE, "以内 以下 之内 及以下 内"),
        (Comparator.APPROX, "左右 上下"),
    )
    for word in listed(many)
}
ROUGH: Final = "余馀多来"
STRIVING: Final = listed("力争 争取 力求 努力")
PERIODS: Final = listed("每人每天 每人每月 每人每年 每季度 每半年 每个月 每学期 每月 每年 每周 每日 每天")

# Verbs that deliver what the number counts; the plain ones add nothing to an indicator.
PLAIN_VERBS: Final = listed("完成 实现 推动 推进 开展 实施 建成 达成 组织开展 加强 支持 促进")
COUNTING_VERBS: Final = listed("""
    新建或更新 改扩建 新增加 新增 新建 建成 建设 新培育认定 新培育 培育 培训 培养 提升 改造提升 改造 更换 治理 腾退 拆除 筹建 筹集 竣工
    新开工 开工 完工 创建 打造 优化调整 调整优化 优化 调整 增加 引进 招引 发展 打通 修复 整治 布局建设 布局 转型建设 转型 举办 承办
    组织 开展 组建 认定 评选 推出 制定 编制 出台 发布 规范提升 规范 疏解提质 疏解 退出 淘汰 推广 承接 落地 签约 投用 投产 启动 选派 修缮
    配备 设立 增设 扩建 完成 实施 压减 减少 降低 下降 提高 增长 营建 栽植 补栎 供应 供给 投放 解决 化解 生产 抽检监测 抽检 检测
""")
# Said before the commitment, not part of what is measured.
FILLERS: Final = listed("""
    确保 力争 争取 努力 继续 持续 加快 稳步 深入 扎实 积极 全力 大力 压茬 统筹 着力 进一步 不断 逐步 基本 全面 有序 切实 严格 坚决守住 坚决
    分类 分期分批 同步 重点 其中： 其中 含 包括 并 和 及 以及 与 将 把 为 对 在 按照 按 以 使 要 今年内 今年底 今年 年内 年底前 全年 到
    上半年 下半年 每季度 每半年 每个月 每月 每年 每周 、 ， 的
""")
# Of these, the ones that the printed phrase of a target does not keep; 实现, 完成 and 力争 stay.
TEXT_FILLERS: Final = listed(
    "确保 压茬 其中： 其中 含 包括 并 和 及 以及 与 加快 稳步 扎实 积极 继续 持续 、 ，"
)
# Subjects that say too little without the segment before them.
VAGUE: Final = frozenset(
    listed("总量 占比 比例 规模 数量 总额 额度 标准 期限 总数 覆盖率 完成率 增速 增幅 金额")
)

# Terms of a policy: a number beside them is a parameter (subsidy, rate, term), not a goal.
PARAMETER_MONEY: Final = listed("""
    补贴 补助 奖补 奖励 给予 资助 津贴 保额 保险额度 一次性 贴息 额度 租金 费用 罚款 补偿 单户 单笔 绩效工资 发放 标准
""")
PARAMETER_RATE: Final = listed("""
    给予 贴息 返还 补贴 补助 费率 利率 税 收取 上浮 下浮 减按 扣除 标准 即征即退 租金 奖励 优惠 合同额 保险费 保证金 上限 代偿 补偿比例 损失 贴现
    再贷款 利息 LPR
""")
PARAMETER_TERM: Final = listed("""
    期限 展期 延期 延长 缓缴 缓交 延缓 免收 免租 减半 房租 租金 返还标准 补贴 补助 最长 休假 有效期 缴纳 还款 贷款 失业保险金
""")
# Service times that the issuer commits itself to are goals.
GOAL_TERM: Final = listed("压缩 缩短 压减 提速 办结 审批时限 办理时限 审核")
# A duration before these names a circle or a line (15分钟健身圈, 24小时热线).
SERVICES: Final = listed("圈 通勤 可达 步行 热线 服务 全天 不间断")
# A segment that begins so says when something applies, not what is promised.
CONDITIONS: Final = listed("如 若 凡 超过 不足")
# A length before these is a reach (500米服务半径).
RADII: Final = listed("服务半径 半径 范围 距离 内")
ZERO_GROWTH: Final = "零增长"
CLEARED: Final = "清零"

# Said before a time: a validity, a collection period or a comparison, not a limit of the work.
NO_LIMIT_AFTER: Final = listed("""
    延长至 延期至 延至 顺延至 延长到 截至 截止 有效期至 期限至 日至 实施至 自 较 比 同 每 上 去 如 若
    〇 一 二 两 三 四 五 六 七 八 九 十 百 半 0 1 2 3 4 5 6 7 8 9
""")
# Said after a time, in the same segment: the limit binds taxpayers, borrowers or tenants, or is a condition.
LIMITS_OF_OTHERS: Final = listed("""
    缴纳 补缴 缴费 交还 到期 申报 免征 免收 减半 征收 续保 续贷 暂免 补办 办理展期 的企业 的项目 的贷款 房租 税款 以来 以后 以後 期间 有望 能够
""")

# Adverbs that may stand before the verb of a commitment.
ADVERBS: Final = listed("""
    持续 继续 加快 加紧 抓紧 稳步 深入 扎实 积极 全力 大力 压茬 统筹 着力 进一步 全面 有序 有力 切实 严格 坚决 分类 同步 试点 联合 高水平 高标准
    高质量 稳妥 稳慎 初步 基本 重点 认真 广泛 严密 规范 协同 纵深 常态化 组织 定期 动态 逐步 精心 依法 因地制宜 主动 加大 整体 系统 集中 分期分批
    再 新 科学 精准 着重 高效 从严从紧 针对性 多渠道 分领域 自觉 牢牢 充分
""")
# Verbs that open a commitment of their own after a comma.
OPENINGS: Final = listed("""
    完成 建设 新建 建成 改建 扩建 改扩建 开展 实施 推进 推动 推行 推广 推出 制定 出台 编制 修订 制修订 起草 研究 举办 办好 组织 承办 治理 整治
    腾退 拆除 新增 增加 培育 培训 培养 定向培养 改造 支持 鼓励 引导 落实 健全 完善 建立 构建 搭建 启动 深化 探索 争取 争创 创建 打造 布局 设立
    引进 引入 清理 取消 修复 筹建 竣工 开工 开通 打通 优化 调整 巩固 拓展 扩展 加强 强化 规范 加大 做好 做实 做深 做精 抓好 用好 发挥 坚持 严格
    坚守 守住 淘汰 承接 选派 配备 配置 组建 成立 整合 汇集 宣传 普及 发布 公布 公开 发展 建 修缮 保护 挖掘 利用 盘活 化解 防范 遏制 打击 查处
    监测 抽检 评选 认定 核定 清退 试行 参与 协调 协助 指导 督促 执行 贯彻 营建 补栎 扩大 疏解 迁入 转型 提供 发放 返还 给予 减免 降低 压减 简化
    精简 压缩 缩短 丰富 聚焦 围绕 依托 实行 简并 开发 纳入 稳定 拓宽 延长 允许 设置 安排 延期 消除 缓缴 免收 加快 做强 做优 做大 更换 加装 抓
    开放 增强 建强 办 严防 严厉 深入 接受 办理 压实 织密 创新 大力促进 积极促进 贯通 修补 夯实 汇聚 规划建设 会同 进行
""")
# Prepositions that open one (对新增违法建设“零容忍”, 将4万名…纳入…).
PREPOSITIONS: Final = listed("对 将 把 向 在 通过 按照 根据 针对")
# Verbs that say what a commitment is for: after a comma they stay with what they follow …
RESULTS: Final = listed("""
    提升 提高 促进 确保 实现 形成 破解 增强 满足 防止 避免 营造 保障 助力 带动 释放 激发 让 使 以 有效 不断 更好 力争 努力 切实 始终 维护 改善
    减轻 缓解 服务 加速 为 成为 吸引 激活 提振 引领 畅通 方便
""")
# … and so do these, although they begin like a commitment.
NO_OPENINGS: Final = listed("推动形成 加快形成 加快提升 加快实现 加快补齐 加快提高 推动实现 推动提升 建成后")
# A purpose that names one of these is a milestone, a commitment of its own (实现…竣工).
MILESTONES: Final = listed("竣工 建成 投用 通车 开工 投产 投运 达产 验收 清零")
# What opens a phrase that leads to the commitment after its comma …
LEADS: Final = listed("""
    以 依托 围绕 按照 根据 针对 聚焦 通过 在 为 对 对于 随着 结合 着眼 面向 坚持 立足 紧扣 借助 除 凡 经 按 将 由 自 从 到 利用 针对性
""")
# … and what such a phrase ends with, whatever verbs it holds (以…为抓手, 通过…等方式).
HANGING: Final = listed("""
    方式 抓手 方面 领域 中 基础上 原则 要求 部署 需求 手段 契机 牵引 引领 单元 导向 目标 时 下 途径 支撑 依托 重点 主线
""")
