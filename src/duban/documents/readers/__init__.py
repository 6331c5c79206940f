"""Files of the outside world become `SourceText` here, and nowhere else; whatever is wrong with one is a sentence."""

from __future__ import annotations

import os
import stat

from duban.documents.readers.limits import DEFAULTS, Limits, UnreadableFile, unreadable
from duban.documents.readers.sniff import format_of
from duban.documents.readers.text import read_text
from duban.domain.source import SourceText

__all__ = ["Limits", "UnreadableFile", "read", "read_bytes"]


def read(path: str | os.PathLike[str], limits: Limits = DEFAULTS) -> SourceText:
    """The document at `path`. Raises `UnreadableFile`, whose text is one sentence for the user."""
    name = os.path.basename(path)  # noqa: PTH119 - pathlib would cost a fifth of the start of `duban parse`
    try:
        status = os.stat(path)  # noqa: PTH116
        if not stat.S_ISREG(status.st_mode):  # a pipe or device would never end
            raise unreadable("not_a_file", name=name)
        if status.st_size > limits.bytes:
            raise unreadable("too_big", limit=limits.megabytes)
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read(limits.bytes + 1)
    except (OSError, ValueError) as error:
        raise unreadable("cannot_open", name=name) from error
    return read_bytes(name, data, limits)


def read_bytes(name: str, data: bytes, limits: Limits = DEFAULTS) -> SourceText:
    """The document in `data`, called `name` by whoever handed it in."""
    if len(data) > limits.bytes:
        raise unreadable("too_big", limit=limits.megabytes)
    format_name = format_of(name, data)
    if format_name == "text":
        return read_text(data, limits)
    from duban.documents.readers.process import read_in_child  # the command line reads text without it

    return read_in_child(format_name, data, limits)
