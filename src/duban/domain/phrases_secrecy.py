"""Sentences about marks of classified matter, code -> (Chinese, English)."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "event.purge.blanked": (
        "涉密误传处置：文字 {texts} 处、日志 {events} 条、存件 {payloads} 件已删除",
        "Purged: {texts} texts, {events} log entries, {payloads} stored files",
    ),
    "papers.sheet_purged": (
        "数据底稿已处置，请重新形成底稿。",
        "This data sheet was purged. Freeze a new one.",
    ),
    "purging.no_such_thing": (
        "没有这条记录：{subject}。",
        "There is no such entry: {subject}.",
    ),
    "purging.nothing_left": (
        "这条记录没有可处置的文字，或已处置。",
        "This entry holds no text, or it was purged already.",
    ),
    "secrecy.field": (
        "密级栏写有“{mark}”，疑似涉密。本系统不得存储、处理涉密信息，请停止上传，并联系本单位保密部门。",
        "The classification field says “{mark}”. Classified matter must not be put into this system: stop and tell the secrecy office.",
    ),
    "secrecy.head": (
        "文件开头有“{mark}”，疑似密级标志。本系统不得存储、处理涉密信息，请停止上传，并联系本单位保密部门。",
        "The head of the document says “{mark}”, which looks like a classification mark. Classified matter must not be put into this system: stop and tell the secrecy office.",
    ),
    "secrecy.mark": (
        "文中有“{mark}”，疑似密级标志。本系统不得存储、处理涉密信息，请停止上传，并联系本单位保密部门。",
        "The text holds “{mark}”, which looks like a classification mark. Classified matter must not be put into this system: stop and tell the secrecy office.",
    ),
}
