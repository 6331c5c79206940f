"""Sentences about marks of classified matter, code -> (Chinese, English)."""

from typing import Final

PHRASES: Final[dict[str, tuple[str, str]]] = {
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
