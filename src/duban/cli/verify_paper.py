"""`duban verify-paper`: writes a paper again from its data sheet and compares it with the file."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path

from duban.cli.django import ready_database, with_django

HELP = "退出码：0 与数据底稿一致；1 有出入，逐处列出；2 不是本系统的文书，或者没有这份数据底稿"


@with_django
def main(argv: list[str]) -> int:
    """0 the same, 1 differs, 2 not one of ours."""
    parser = ArgumentParser(prog="duban verify-paper", description=__doc__, epilog=HELP)
    parser.add_argument("file", type=Path, help="文书（.docx 或 .xlsx），也可以是 WPS、LibreOffice 另存过的")
    words = parser.parse_args(argv)
    ready_database()
    from duban.publishing.verifying import Outcome, verify

    try:
        content = words.file.read_bytes()
    except OSError as error:
        sys.stderr.write(f"{words.file}：{error.strerror}\n")
        return 2
    found = verify(content)
    if found.outcome is Outcome.SAME:
        sys.stdout.write(f"与数据底稿一致：{words.file}（数据底稿 {found.snapshot[:16]}）\n")
        return 0
    if found.outcome is Outcome.DIFFERS:
        sys.stdout.write(f"与数据底稿有 {len(found.differences)} 处不一致（底稿≠文件）：\n")
        sys.stdout.writelines(f"  {line}\n" for line in found.differences)
        return 1
    sys.stderr.write(f"{found.sentence}\n")
    return 2
