"""Every sentence of the domain, code -> (Chinese, English). Ordered by room, then by code."""

from typing import Final

from duban.domain import (
    phrases_backups,
    phrases_consultation,
    phrases_directory,
    phrases_drafting,
    phrases_items,
    phrases_judging,
    phrases_natures,
    phrases_office,
    phrases_papers,
    phrases_parts,
    phrases_refinement,
    phrases_secrecy,
    phrases_sheets,
    phrases_units,
    phrases_year,
)

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "reader.archive": (
        "这是压缩包，请解压后逐个导入其中的文件。",
        "This is an archive. Unpack it and import the files in it one by one.",
    ),
    "reader.cannot_open": (
        "文件“{name}”不存在或无法打开。",
        "The file “{name}” does not exist or cannot be opened.",
    ),
    "reader.damaged": (
        "文件已损坏或不完整，无法读取，请用原软件打开检查、重新保存后再导入。",
        "The file is damaged or incomplete. Open it in its own program, save it again and import that.",
    ),
    "reader.empty": (
        "文件中没有文字，没有可导入的内容。",
        "The file holds no text, so there is nothing to import.",
    ),
    "reader.encoding": (
        "文件的文字编码无法识别，请另存为 UTF-8 编码后再导入。",
        "The character encoding of the file is not recognised. Save it as UTF-8 and import that.",
    ),
    "reader.encrypted": (
        "文件已加密，请另存为不加密的文件后再导入。",
        "The file is encrypted. Save it without a password and import that.",
    ),
    "reader.garbled_pdf": (
        "PDF 的文字层是乱码，无法读取，请导入原始 Word 文件，或用原软件重新导出 PDF。",
        "The text layer of the PDF is garbled. Import the original Word file, or export the PDF again.",
    ),
    "reader.image": (
        "这是图片，没有可读取的文字，请导入文件的电子版。",
        "This is a picture without readable text. Import the electronic document instead.",
    ),
    "reader.macros": (
        "文件带有宏，为安全起见不予读取，请另存为不带宏的 .docx 或 .xlsx 后再导入。",
        "The file contains macros and is not read, for safety. Save it as .docx or .xlsx without macros and import that.",
    ),
    "reader.mismatch": (
        "文件内容与扩展名“{extension}”不符，请用原软件打开，按正确的格式另存后再导入。",
        "The content of the file does not match its extension “{extension}”. Open it in its own program and save it in the right format.",
    ),
    "reader.no_text_layer": (
        "PDF 中没有文字，只有扫描图像，请导入原始 Word 文件，或先做文字识别。",
        "The PDF holds scanned images and no text. Import the original Word file, or run text recognition first.",
    ),
    "reader.not_a_file": ("“{name}”不是文件，无法导入。", "“{name}” is not a file and cannot be imported."),
    "reader.not_text": (
        "文件不是文本文件，请核对后重新选择。",
        "The file is not a text file. Check it and choose again.",
    ),
    "reader.note_hidden_sheets": (
        "〔隐藏的工作表未读入：{names}〕",
        "[Hidden sheets were not read: {names}]",
    ),
    "reader.note_pages_without_text": (
        "〔以下页没有文字，未读入：第 {pages} 页〕",
        "[Pages without text were not read: {pages}]",
    ),
    "reader.old_et": (
        "这是 WPS 表格（.et）文件，请在 WPS 中另存为 .xlsx 后再导入。",
        "This is a WPS spreadsheet (.et). Save it as .xlsx in WPS and import that.",
    ),
    "reader.old_word": (
        "这是旧版 Word（.doc）文件，请用 Word 或 WPS 另存为 .docx 后再导入。",
        "This is an old Word file (.doc). Save it as .docx in Word or WPS and import that.",
    ),
    "reader.old_wps": (
        "这是 WPS 文字（.wps）文件，请在 WPS 中另存为 .docx 后再导入。",
        "This is a WPS document (.wps). Save it as .docx in WPS and import that.",
    ),
    "reader.timeout": (
        "文件过于复杂，{seconds} 秒内未能读完，请拆分或另存后再导入。",
        "The file is too complex and was not read within {seconds} seconds. Split it or save it again, then import.",
    ),
    "reader.too_big": (
        "文件超过 {limit} MB，请拆分后再导入。",
        "The file is larger than {limit} MB. Split it before importing.",
    ),
    "reader.too_large_inside": (
        "文件解压后的内容过大，疑似恶意文件，未予读取。",
        "The file unpacks to far too much data and may be malicious. It was not read.",
    ),
    "reader.too_many_cells": (
        "表格超过 {limit} 个单元格，请删去多余的行、列后再导入。",
        "The tables have more than {limit} cells. Delete surplus rows and columns, then import.",
    ),
    "reader.too_many_characters": (
        "文件超过 {limit} 字，请拆分后再导入。",
        "The file has more than {limit} characters. Split it before importing.",
    ),
    "reader.too_many_pages": (
        "文件有 {pages} 页，超过 {limit} 页，请拆分后再导入。",
        "The file has {pages} pages, more than {limit}. Split it before importing.",
    ),
    "reader.too_much_memory": (
        "文件过于复杂，读取时超出内存限制，请拆分或另存后再导入。",
        "The file is too complex: reading it exceeds the memory limit. Split it or save it again, then import.",
    ),
    "reader.truncated": (
        "文件不完整，末尾缺失，请重新获取完整的文件后再导入。",
        "The file is incomplete: its end is missing. Obtain the whole file and import that.",
    ),
    "reader.unknown_format": (
        "不支持“{extension}”格式，请另存为 .docx、.xlsx、.pdf、.html 或 .txt 后再导入。",
        "The format “{extension}” is not supported. Save it as .docx, .xlsx, .pdf, .html or .txt and import that.",
    ),
    "reader.unsafe_xml": (
        "文件内含不安全的 XML 声明，疑似恶意文件，未予读取。",
        "The file contains unsafe XML declarations and may be malicious. It was not read.",
    ),
    "directory.username_taken": (
        "用户名“{username}”已被使用。",
        "The user name “{username}” is taken.",
    ),
    "directory.weak_password": (
        "密码不符合要求：{reasons}",
        "The password will not do: {reasons_en}",
    ),
    "directory.wrong_credentials": (
        "用户名或密码不正确。",
        "The user name or the password is wrong.",
    ),
    "directory.no_post": (
        "您目前没有在任的岗位，请联系系统管理员。",
        "You hold no post at present. Please ask the system administrator.",
    ),
    "history.fault_body": (
        "第 {seq} 条：内容与其摘要不符",
        "Event {seq}: the content does not match its hash",
    ),
    "history.fault_envelope": (
        "第 {seq} 条：登记项与其摘要不符",
        "Event {seq}: the entry does not match its hash",
    ),
    "history.fault_link": (
        "第 {seq} 条：与上一条不衔接",
        "Event {seq}: not linked to the one before",
    ),
    "history.fault_number": (
        "第 {seq} 条：序号不连续，应为 {expected}",
        "Event {seq}: numbering breaks, {expected} expected",
    ),
    "history.fault_payload": (
        "存件 {sha256}…：内容与其摘要不符",
        "Stored file {sha256}…: the content does not match its hash",
    ),
    "history.purge_done": (
        "这次处置已经完成。",
        "This purge has been carried out already.",
    ),
    "history.purge_needs_office": (
        "只有督查室和安全管理员可以提出或确认处置。",
        "Only the supervision office and the security administrator ask for a purge or confirm one.",
    ),
    "history.purge_needs_person": (
        "处置须由本人以在任岗位提出。",
        "A purge is requested by a person in a post.",
    ),
    "history.purge_needs_second": (
        "处置须由另一人确认，提出人不能自己确认。",
        "A second person confirms a purge; who asked for it cannot.",
    ),
    "history.purge_under_way": (
        "该存件已在处置中或已处置。",
        "This stored file is being purged or has been purged.",
    ),
    "history.purged_before": (
        "该文件已按涉密误传处置，不得再次导入。",
        "This file was purged as classified matter and may not be imported again.",
    ),
    "register.blocking": (
        "有 {count} 处疑点必须先处理，暂不能发布。",
        "{count} doubts must be settled first; the list cannot be published yet.",
    ),
    "register.no_tasks": (
        "文件中没有识别出任务，不能发布。",
        "No task was recognised in the document; there is nothing to publish.",
    ),
    "register.number_taken": (
        "{number} 已经发布过，但文字与本文件不同；修订须按调整程序办理，不能重复导入。",
        "{number} has been published with a different text. An amendment goes through adjustment, not through a second import.",
    ),
    "register.fault_current": (
        "任务 {task}：当前文本不是最新版本",
        "Task {task}: the current text is not its newest version",
    ),
    "event.account.opened": (
        "开通账号",
        "Account opened",
    ),
    "event.account.password_changed": (
        "修改密码",
        "Password changed",
    ),
    "event.directory.loaded": (
        "载入单位名录：新增单位 {units} 个、统称 {groups} 个、名称 {aliases} 个",
        "Directory loaded: {units} units, {groups} collectives and {aliases} names added",
    ),
    "event.document.received": (
        "收到来源文件，{characters} 字",
        "Source document received, {characters} characters",
    ),
    "event.list.published": (
        "清单发布入库：任务 {tasks} 项，单位 {printed_units} 项次",
        "List published: {tasks} tasks, {printed_units} printed units",
    ),
    "event.post.filled": (
        "任职",
        "Post filled",
    ),
    "event.purge.confirmed": (
        "确认涉密误传处置，原件已删除",
        "Purge confirmed, content removed",
    ),
    "event.purge.requested": (
        "提出涉密误传处置",
        "Purge requested",
    ),
    "event.session.closed": (
        "退出",
        "Signed out",
    ),
    "event.session.opened": (
        "登录",
        "Signed in",
    ),
    "event.session.refused": (
        "登录未成功",
        "Sign-in refused",
    ),
    "event.task.published": (
        "随清单发布入库，确定责任单位 {units} 个",
        "Published with its list; {units} units made responsible",
    ),
    "directory.no_unit": (
        "名录中没有“{name}”。",
        "There is no “{name}” in the directory.",
    ),
    "documents.no_such_file": (
        "没有摘要为 {sha256} 的来源文件。",
        "No source document has the hash {sha256}.",
    ),
    "register.purge_elsewhere": (
        "这份文件不属于您所在的政府。",
        "This document does not belong to your government.",
    ),
    "register.list_like": (
        "本年度（{year}年）已有清单《{title}》。确需另行入库，请勾选确认。",
        "There is a list for {year} already, “{title}”. Tick the box if this one is meant besides it.",
    ),
    "register.purge_reason": (
        "提出处置须写明理由。",
        "A purge needs its reason.",
    ),
    "finding.bracket_unclosed": (
        "责任单位的括号没有收尾，已按下一条编号之前截止，请核对单位是否完整。",
        "A bracket of units never closes. It was read up to the next number; check that the units are complete.",
    ),
    "finding.chapter_is_task": (
        "本清单以篇章为任务，编号取篇章序号。",
        "Here each chapter is a task; its numeral is the number.",
    ),
    "finding.chapter_without_tasks": (
        "“{title}”下没有编号任务，也没有责任单位，未列为任务，请确认。",
        "“{title}” holds neither numbered tasks nor units and was not taken as a task. Please confirm.",
    ),
    "finding.columns_unclear": (
        "表格各列没有分隔，单位是按位置推断的：{text}，请逐项核对。",
        "The table's columns are not separated; the units were inferred from their place: {text}. Check each.",
    ),
    "finding.columns_unknown": (
        "这些列的含义没有识别，其中的文字没有归入任务：{text}",
        "These columns were not understood and their text was not taken into the tasks: {text}",
    ),
    "finding.deadline_unread": (
        "任务 {number} 的时限“{text}”不能识别为日期，交办时时限留空，请届时填写。",
        "The time limit of task {number}, “{text}”, is not understood as a date. It stays empty when the task is issued; fill it in then.",
    ),
    "finding.directive_in_units": (
        "单位栏里有一条说明，适用范围请人工确认：{text}",
        "The units carry a remark whose scope a person must settle: {text}",
    ),
    "finding.first_listed_leads": (
        "原文规定列首位的为牵头单位，已据此标注。",
        "The notice says that the first unit listed leads; roles follow that.",
    ),
    "finding.heading_repeated": (
        "标题重复出现（多为换页所致），已并入前一个：{title}",
        "A heading is printed twice (often at a page break) and was merged: {title}",
    ),
    "finding.label_suspected": (
        "任务文字里出现“{text}”，可能有责任单位没有识别。",
        "The task's text contains “{text}”; units may have been missed.",
    ),
    "finding.label_unknown": (
        "“{text}”是没有见过的栏目，暂按责任单位处理，请确认。",
        "“{text}” is a label not seen before; its units are taken as responsible. Please confirm.",
    ),
    "finding.list_open_ended": (
        "单位之后有“等”字，名单可能不全，共 {count} 处。",
        "The list of units ends in 等 and may be incomplete ({count} places).",
    ),
    "finding.name_joint": (
        "“{name}”按一个单位处理（名称中带顿号），共 {count} 处。",
        "“{name}” is taken as one unit, though its name contains a delimiter ({count} places).",
    ),
    "finding.name_unusual": (
        "“{name}”不像单位名称，请核对。",
        "“{name}” does not look like the name of a unit. Check it.",
    ),
    "finding.no_tasks": (
        "没有找到任务。",
        "No task was found.",
    ),
    "finding.number_gap": (
        "编号由 {before} 跳到 {number}，中间可能有缺漏。",
        "The numbers jump from {before} to {number}; tasks may be missing.",
    ),
    "finding.number_inferred": (
        "这项任务没有印编号，按前后顺序记为 {number}。",
        "This task has no printed number; by its place it is counted as {number}.",
    ),
    "finding.number_repeated": (
        "编号 {number} 重复。",
        "The number {number} is repeated.",
    ),
    "finding.number_restart": (
        "编号从 {before} 重新回到 {number}。",
        "The numbering starts again at {number} after {before}.",
    ),
    "finding.open_collective": (
        "“{name}”没有确定的范围，需要人工指定单位。",
        "“{name}” has no fixed members; a person must name the units.",
    ),
    "finding.prefix_restored": (
        "“{name}”省略了层级字样，已按前一个单位补全，共 {count} 处。",
        "“{name}” leaves out its level, which was restored from the unit before it ({count} places).",
    ),
    "finding.role_unclear": (
        "有 {count} 项任务既标牵头又标责任，责任单位的角色请确认。",
        "{count} tasks name both lead and responsible units; confirm the role of the latter.",
    ),
    "finding.several_assignments": (
        "一项任务里有 {count} 处责任分工，已合并。",
        "The task holds {count} assignments, which were merged.",
    ),
    "finding.table_flattened": (
        "疑似表格被压成文字，各列没有分隔，请尽量导入原表。",
        "This looks like a table flattened into text without separators. Import the original table if you can.",
    ),
    "finding.table_without_header": (
        "表格没有可识别的表头，请指定各列含义。",
        "The table has no header that is understood. Say what its columns hold.",
    ),
    "finding.task_without_units": (
        "任务 {number} 没有责任单位。",
        "Task {number} names no unit.",
    ),
    "finding.total_row": (
        "“{text}”为合计行，未列为任务。",
        "“{text}” is a row of totals and was not taken as a task.",
    ),
    "finding.unconsumed": (
        "这段文字没有归入任何内容，请处理：{text}",
        "This text belongs to nothing that was recognised: {text}",
    ),
    "finding.unit_unknown": (
        "名录中没有“{name}”。",
        "The directory does not hold “{name}”.",
    ),
    "finding.units_glued": (
        "“{name}”与相邻单位之间没有分隔，已按名录切开。",
        "“{name}” was printed without a separator and was cut out by the directory.",
    ),
    "finding.units_not_understood": (
        "单位栏里有看不懂的文字：{text}",
        "The units contain text that was not understood: {text}",
    ),
    **phrases_natures.PHRASES,
    **phrases_secrecy.PHRASES,
    **phrases_year.PHRASES,
    **phrases_judging.PHRASES,
    **phrases_sheets.PHRASES,
    **phrases_directory.PHRASES,
    **phrases_backups.PHRASES,
    **phrases_office.PHRASES,
    **phrases_papers.PHRASES,
    **phrases_items.PHRASES,
    **phrases_parts.PHRASES,
    **phrases_units.PHRASES,
    **phrases_consultation.PHRASES,
    **phrases_drafting.PHRASES,
    **phrases_refinement.PHRASES,
}
