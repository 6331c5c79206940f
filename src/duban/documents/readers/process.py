"""Runs the child process that opens foreign files and turns whatever becomes of it into a document or a sentence."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from duban.documents.readers.limits import Limits, UnreadableFile, unreadable
from duban.domain.messages import Message
from duban.domain.source import Block, BlockKind, SourceText

# -I ignores the environment and the working directory, and with them the path to this very package; once `duban` is
# imported its parts are found without that path, so nothing beside it can shadow the standard library.
START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); import duban; del sys.path[0];"
    "from duban.documents.readers.child import main; sys.exit(main(sys.argv[2:]))"
)
ROOT: Final = str(Path(__file__).resolve().parents[3])
KEPT_ENVIRONMENT: Final = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


def read_in_child(format_name: str, data: bytes, limits: Limits) -> SourceText:
    """The document in `data`, read by another process within `limits`."""
    return _document(*_answer(format_name, data, limits), limits)


def grids_in_child(data: bytes, limits: Limits) -> list[Any]:
    """The sheets of the workbook in `data`, read by another process within `limits`; `grid.py` knows their form."""
    return _grids(*_answer("grid", data, limits), limits)


def _answer(format_name: str, data: bytes, limits: Limits) -> tuple[bytes, int]:
    """What the child says, and the status with which it ends."""
    with tempfile.TemporaryFile() as file:  # has no name: nothing is left behind, whatever happens
        file.write(data)
        file.seek(0)
        with subprocess.Popen(  # noqa: S603 - our own interpreter and module; the file is data, never an argument
            [
                sys.executable,
                "-I",
                "-X",
                "utf8",
                "-c",
                START,
                ROOT,
                format_name,
                json.dumps(limits._asdict()),
            ],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ},
            close_fds=True,
            start_new_session=True,
        ) as child:
            try:
                answer = _listen(child, limits)
                child.wait(timeout=limits.seconds)
            except subprocess.TimeoutExpired as error:
                raise unreadable("timeout", seconds=limits.whole_seconds) from error
            finally:
                child.kill()
    return answer, child.returncode


def _listen(child: subprocess.Popen[bytes], limits: Limits) -> bytes:
    """All the child says, bounded in length and time."""
    assert child.stdout is not None
    deadline = time.monotonic() + limits.seconds
    pieces: list[bytes] = []
    length = 0
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                raise subprocess.TimeoutExpired(child.args, limits.seconds)
            piece = os.read(child.stdout.fileno(), 1 << 20)
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)
            length += len(piece)
            if length > limits.answer_bytes:
                raise unreadable("too_large_inside")


def _document(answer: bytes, code: int, limits: Limits) -> SourceText:
    spoken = _spoken(answer, code, limits)
    try:
        blocks = tuple(Block(BlockKind(block[0]), *block[1:]) for block in spoken["blocks"])
        return SourceText(spoken["text"], blocks, spoken["reader"], spoken["reader_version"])
    except (ValueError, TypeError, KeyError) as error:
        raise unreadable("damaged") from error


def _grids(answer: bytes, code: int, limits: Limits) -> list[Any]:
    grids = _spoken(answer, code, limits).get("grids")
    if not isinstance(grids, list):
        raise unreadable("damaged")
    return grids


def _spoken(answer: bytes, code: int, limits: Limits) -> dict[str, Any]:
    """The answer as an object. Raises the refusal that the child names, or that its end stands for."""
    if code in {-signal.SIGXCPU, -signal.SIGALRM}:
        raise unreadable("timeout", seconds=limits.whole_seconds)
    if code in {-signal.SIGABRT, -signal.SIGKILL}:  # how PDFium, Rust and the kernel say: no memory left
        raise unreadable("too_much_memory")
    try:
        spoken = json.loads(answer)
        if not isinstance(spoken, dict):
            raise unreadable("damaged")
        if "refused" in spoken:
            raise UnreadableFile(Message(spoken["refused"], spoken["params"]))
    except (ValueError, KeyError) as error:
        raise unreadable("damaged") from error
    return spoken
