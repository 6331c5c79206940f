"""`duban parse`: a file in, its records out, without a database and without Django."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duban.domain.source import SourceText
    from duban.domain.tasklist.records import ParsedList
    from duban.domain.units import UnitDirectory

HELP = """duban parse FILE [--directory NAME|FILE.toml] [--format json|table|csv]

解析一份重点任务清单，输出记录；不需要数据库。
Parses a key-task list and prints its records; needs no database.

  --directory  单位名录：自带的名称，或 TOML 文件 / a bundled unit directory by name, or a TOML file
  --format     json（默认）、table、csv / json (the contract, docs/parse-json.schema.json), table or csv

退出码：0 已解析；2 文件或参数无法使用（标准错误给出一句说明）。
Exit: 0 parsed; 2 unusable input, with one sentence on standard error.
"""
FORMATS = ("json", "table", "csv")
UNUSABLE = 2
ROWS_AT_ONCE = 256


class UsageError(ValueError):
    """The command line cannot be understood; the text says why."""


def main(argv: list[str]) -> int:
    """Parse one file and print it; 0 parsed, 2 unusable."""
    if not argv or argv[0] in ("-h", "--help"):
        sys.stdout.write(HELP)
        return 0 if argv else UNUSABLE
    import gc

    gc.disable()  # one document, no cycles, then the process ends: looking for garbage costs a tenth of the time
    from duban.documents.readers.limits import UnreadableFile

    try:
        name, options = _options(argv)
        directory = _directory(options.get("directory"))
        data, source = _read(name)
    except (UsageError, UnreadableFile) as error:
        sys.stderr.write(f"{error}\n")
        return UNUSABLE
    from duban.domain.tasklist.pipeline import parse

    parsed = parse(source, directory=directory)
    _write(_lines(options["format"], name, data, source, parsed))
    gc.freeze()  # nor is it looked for when the process ends
    return 0


def _options(argv: list[str]) -> tuple[str, dict[str, str]]:
    """Read by hand: argparse costs as much as parsing a list."""
    options = {"format": "json"}
    files: list[str] = []
    words = iter(argv)
    for word in words:
        if not word.startswith("--"):
            files.append(word)
            continue
        key, given, value = word[2:].partition("=")
        if key not in ("format", "directory"):
            raise UsageError(f"没有“{word}”这个选项，用法见 duban parse --help。")
        following = value if given else next(words, None)
        if following is None:
            raise UsageError(f"“--{key}”后面缺少内容，用法见 duban parse --help。")
        options[key] = following
    if options["format"] not in FORMATS:
        raise UsageError(f"--format 只能是 {'、'.join(FORMATS)}，不能是“{options['format']}”。")
    if len(files) != 1:
        raise UsageError("请给出一个文件，用法见 duban parse --help。")
    return files[0], options


def _directory(name: str | None) -> UnitDirectory | None:
    if name is None:
        return None
    from duban.directory.bundled import load
    from duban.domain.units import DirectoryFileError

    try:
        return load(name)
    except DirectoryFileError as error:
        raise UsageError(str(error)) from error


def _read(name: str) -> tuple[bytes, SourceText]:
    from duban.documents.readers import read

    source = read(name)
    with open(name, "rb") as file:  # noqa: PTH123 - pathlib costs a fifth of the start
        return file.read(), source


def _lines(form: str, name: str, data: bytes, source: SourceText, parsed: ParsedList) -> Iterable[str]:
    if form != "json":
        from duban.domain.tasklist import sheets

        return sheets.csv_lines(parsed) if form == "csv" else sheets.table_lines(parsed)
    from hashlib import sha256
    from os.path import basename

    from duban.domain.tasklist.contract import json_lines

    return json_lines(
        parsed,
        name=basename(name),  # noqa: PTH119
        file_sha256=sha256(data).hexdigest(),
        text_sha256=sha256(source.text.encode()).hexdigest(),
    )


def _write(lines: Iterable[str]) -> None:
    """Always UTF-8, whatever the terminal's locale says."""
    out = sys.stdout
    if hasattr(out, "reconfigure"):
        out.reconfigure(encoding="utf-8", errors="replace")
    held: list[str] = []
    for line in lines:
        held.append(line)
        if len(held) == ROWS_AT_ONCE:
            out.write("".join(held))
            held.clear()
    out.write("".join(held))
    out.flush()
