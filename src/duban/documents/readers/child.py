"""Strangers' files are opened only here, in a process that may be killed: little memory, little time, no reach.

Run as `python -m duban.documents.readers.child FORMAT LIMITS` with the file on standard input. It answers one JSON
object on standard output and imports no Django.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections.abc import Callable
from operator import attrgetter
from typing import Any, Final

from duban.documents.readers.limits import Limits, UnreadableFile, unreadable
from duban.domain.source import Block, SourceText

REACHES: Final = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "shutil.")
Reader = Callable[[bytes, Limits], SourceText | dict[str, Any]]
_flat = attrgetter(*Block._fields)


def main(arguments: list[str]) -> int:
    """Read standard input in the format and within the limits that the arguments name; answer on standard output."""
    limits = Limits(**json.loads(arguments[1]))
    confine(limits)
    reader = reader_of(arguments[0])
    sys.addaudithook(_stay_inside)
    answer = answer_to(reader, sys.stdin.buffer.read(limits.bytes + 1), limits)
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
    return 0


def confine(limits: Limits) -> None:
    """Lower this process's own rights for good: memory, processor time, files, and an alarm behind the parent's."""
    seconds = int(limits.seconds) + 2
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))
    signal.alarm(seconds)


def _stay_inside(event: str, arguments: tuple[Any, ...]) -> None:
    """A library tricked by a file must not reach the network, other programs or the disk."""
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event.startswith(REACHES):
        raise PermissionError(event)


def reader_of(name: str) -> Reader:
    """The reading function of a format; its library is loaded only now, in this process."""
    if name == "html":
        from duban.documents.readers.html import read_html

        return read_html
    if name == "docx":
        from duban.documents.readers.docx import read_docx

        return read_docx
    if name == "pdf":
        from duban.documents.readers.pdf import read_pdf

        return read_pdf
    if name == "sheets":
        from duban.documents.readers.sheets import read_sheets

        return read_sheets
    if name == "grid":
        from duban.documents.readers.grid import read_grid

        return read_grid
    raise ValueError(name)


def answer_to(reader: Reader, data: bytes, limits: Limits) -> dict[str, Any]:
    """The document or the refusal, as JSON; a file that trips a library up is damaged, whatever the library says."""
    try:
        source = reader(data, limits)
    except UnreadableFile as refusal:
        return _refusal(refusal)
    except MemoryError:
        return _refusal(unreadable("too_much_memory"))
    except Exception:  # noqa: BLE001 - foreign bytes may raise anything in foreign libraries; the user gets a sentence
        return _refusal(unreadable("damaged"))
    if isinstance(source, dict):
        return source
    return {
        "text": source.text,
        "blocks": [_flat(block) for block in source.blocks],
        "reader": source.reader,
        "reader_version": source.reader_version,
    }


def _refusal(refusal: UnreadableFile) -> dict[str, Any]:
    return {"refused": refusal.message.code, "params": dict(refusal.message.params)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
