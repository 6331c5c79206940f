"""What the directory says about rosters, registers, accounts and sign-in: code -> (Chinese, English)."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "roster.no_heading": (
        "没有找到表头，应有“{columns}”各列。",
        "No heading row was found; it should name {columns}.",
    ),
    "roster.ended": (
        "“{name}”已于 {on} 撤销，不再列入。",
        "“{name}” was abolished on {on} and is listed no more.",
    ),
    "roster.ended_into": (
        "“{name}”已于 {on} 并入“{into}”，不再列入。",
        "“{name}” merged into “{into}” on {on} and is listed no more.",
    ),
    "roster.former_name": (
        "“{name}”是“{now}”的曾用名称，请改填现名称。",
        "“{name}” is a former name of “{now}”; write the present one.",
    ),
    "roster.rename_or_new": (
        "更名还是新单位？名录中的{missing}在表中没有对应的行。更名请在“原名称”栏填原来的名称并写明启用日期，新单位请在“原名称”栏填“新设”。",
        "A rename or a new unit? The sheet has no row for {missing}. For a rename write the earlier name under 原名称 and the day under 启用日期; for a new unit write 新设 under 原名称.",
    ),
    "roster.rename_needs_a_day": (
        "更名应填新名称的启用日期。",
        "A rename needs the day from which the new name is in use.",
    ),
    "roster.origin_is_other": (
        "“{name}”是名录中的另一个单位，本行的名称也已在用；两个单位合并请到单位页面办理撤并。",
        "“{name}” is another unit, and the names of this row are in use already; merge two units on the unit's page.",
    ),
    "roster.blank": ("“{column}”不能为空。", "“{column}” must not be blank."),
    "roster.two_units": (
        "全称与简称分属名录中的两个单位。",
        "The full and the short name belong to two different units.",
    ),
    "roster.twice": (
        "同一单位在 {cell} 已经填过。",
        "The same unit already stands at {cell}.",
    ),
    "roster.not_a_word": (
        "“{column}”应填以下之一：{words}。",
        "“{column}” should be one of: {words}.",
    ),
    "roster.yes_or_no": ("应填“是”或“否”。", "Should be 是 or 否."),
    "roster.not_a_date": (
        "不是有效日期，应填如 2026-03-01。",
        "Not a date; write it like 2026-03-01.",
    ),
    "roster.not_a_phone": (
        "不是有效的电话号码，应填如 13800138000、010-65123456、65123456转801 或 内线0001。",
        "Not a telephone number; write it like 13800138000, 010-65123456, 65123456转801 or 内线0001.",
    ),
    "roster.rename_too_early": (
        "新名称的启用日期不能早于现名称的启用日期（{since}）。",
        "A new name cannot be in use before the present one is ({since}).",
    ),
    "roster.name_taken": (
        "名称“{name}”已属于“{owner}”。",
        "The name “{name}” already belongs to “{owner}”.",
    ),
    "roster.no_such_unit": (
        "名录中没有“{name}”。",
        "There is no “{name}” in the directory.",
    ),
    "roster.differs": (
        "“{name}”的这项内容与 {cell} 不一致；不同的人请在姓名上区别。",
        "This differs from {cell} for “{name}”; if they are two people, tell them apart by name.",
    ),
    "roster.person_twice": (
        "“{name}”在同一岗位重复填写。",
        "“{name}” stands twice in the same post.",
    ),
    "roster.one_person": ("“{seat}”只能有一人。", "Only one person can be {seat}."),
    "roster.problems": (
        "表中有 {count} 处需要改正，未作任何改动。",
        "{count} cells need mending; nothing was changed.",
    ),
    "roster.moved_on": (
        "预览之后名录又有变动，请重新核对后再确认。",
        "The directory has changed since this was shown. Please check the changes again.",
    ),
    "roster.not_yours": (
        "名录与人员由督查室或系统管理员维护。",
        "Roster and people are kept by the supervision office or the system administrator.",
    ),
    "succession.not_in_force": (
        "“{name}”已于 {on} 撤并，不能办理。",
        "“{name}” ended on {on}.",
    ),
    "succession.same_name": ("新名称与现名称相同。", "The new name is the same as the present one."),
    "succession.too_early": (
        "更名日期必须晚于现名称的启用日期（{since}）。",
        "The new name must begin after the present one did ({since}).",
    ),
    "succession.name_taken": (
        "名称“{name}”已属于“{owner}”。",
        "The name “{name}” already belongs to “{owner}”.",
    ),
    "succession.into_itself": (
        "单位不能并入自身。",
        "A unit cannot be merged into itself.",
    ),
    "succession.merge_incomplete": (
        "请把并入单位、日期和依据文件填写完整。",
        "Fill in the receiving unit, the day and the document.",
    ),
    "succession.rename_incomplete": (
        "请把新的简称、全称、启用日期和依据文件填写完整。",
        "Fill in the new short and full name, the day and the document.",
    ),
    "succession.no_basis": ("请填写依据文件。", "Name the document this rests on."),
    "account.not_yours": (
        "该人员的账号不由您当前岗位管理，请联系安全管理员或服务器管理人员。",
        "This person's account is not managed from your post. Ask the security administrator or the operator of the server.",
    ),
    "account.unknown": (
        "没有用户名为“{username}”的账号。",
        "There is no account “{username}”.",
    ),
    "account.same_password": (
        "新密码不能与原密码相同。",
        "The new password must differ from the old one.",
    ),
    "account.password_too_short": (
        "至少 {least} 个字符",
        "it needs at least {least} characters",
    ),
    "account.password_too_common": (
        "这是常见密码，容易被猜中",
        "it is a common one and easily guessed",
    ),
    "account.password_entirely_numeric": (
        "不能全是数字",
        "it must not consist of digits alone",
    ),
    "account.password_too_similar": (
        "不能包含用户名或姓名，也不能与之相近",
        "it must neither contain the user name or your name nor resemble them",
    ),
    "account.no_terminal": (
        "这里不能输入密码，请在终端中运行，或加 --password-stdin 从标准输入读密码。",
        "A password cannot be typed here. Run the command in a terminal, or give the password on standard input with --password-stdin.",
    ),
    "session.locked": (
        "连续多次未能登录，请 {minutes} 分钟后再试，或联系系统管理员。",
        "Too many attempts failed. Try again in {minutes} minutes, or ask the system administrator.",
    ),
    "session.code_needed": (
        "请输入动态口令。",
        "Enter the one-time code.",
    ),
    "session.wrong_code": (
        "动态口令不正确或已用过，请等下一个口令。",
        "The code is wrong or was used before. Wait for the next one.",
    ),
    "session.not_from_portal": (
        "统一门户登录未能通过，请从门户重新进入或联系系统管理员。",
        "Sign-in through the portal was refused. Enter from the portal again, or ask the system administrator.",
    ),
}
