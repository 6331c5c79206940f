"""`duban import`: a document goes into the register, or the reasons why it cannot are listed."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from duban.cli.django import ready_database, with_django
from duban.directory.bundled import load
from duban.documents.readers import UnreadableFile
from duban.domain.messages import Message
from duban.domain.posts import CONSOLE
from duban.domain.units import DirectoryFileError

if TYPE_CHECKING:
    from duban.documents.operations import Reading
    from duban.domain.units import UnitDirectory

SHOWN = 50
_DRAFTS = {
    "open": "已存入待核对草稿，疑点 {n} 处待核对；请督查室在“导入与核对”页面核对后确认入库。\n",
    "published": "此前已入库：{key}，未作改动。\n",
}


@with_django
def main(argv: list[str]) -> int:
    """Read, parse, resolve, and open a draft to check; with --publish publish at once. --dry-run stores nothing."""
    words = _words(argv)
    try:
        directory = load(words.directory)
    except DirectoryFileError as error:
        for problem in error.problems:
            sys.stderr.write(f"{problem}\n")
        return 2
    try:
        data = words.file.read_bytes()
    except OSError as error:
        raise UnreadableFile(Message("reader.cannot_open", {"name": str(words.file)})) from error
    return _dry_run(words, data, directory) if words.dry_run else _import(words, data, directory)


def _words(argv: list[str]) -> Namespace:
    parser = ArgumentParser(prog="duban import", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--directory", required=True, help="自带名录的名称，或一个 .toml 文件")
    parser.add_argument("--dry-run", action="store_true", help="只看结果，什么也不存")
    parser.add_argument("--publish", action="store_true", help="没有必须处理的疑点时直接发布")
    parser.add_argument("--again", action="store_true", help="本年度已有同名清单时仍另行发布")
    return parser.parse_args(argv)


def _dry_run(words: Namespace, data: bytes, directory: UnitDirectory) -> int:
    from duban.documents.operations import read_document

    reading = read_document(name=words.file.name, data=data, directory=directory)
    return _report(reading)


def _import(words: Namespace, data: bytes, directory: UnitDirectory) -> int:
    from django.utils import timezone

    from duban.directory.operations import load_directory
    from duban.documents.operations import keep_document, open_draft, read_for_draft
    from duban.register.operations import publish_list

    ready_database()
    now = timezone.now()
    government = load_directory(directory=directory, by=CONSOLE, now=now).government
    reading = read_for_draft(name=words.file.name, data=data, government=government, now=now)
    status = _report(reading)
    if not words.publish:
        draft = open_draft(reading=reading, government=government, by=CONSOLE, now=now)
        sys.stdout.write(_DRAFTS[draft.state].format(n=draft.open_doubts, key=draft.list_key))
        return status
    run = keep_document(reading=reading, government=government, by=CONSOLE, now=now)
    if status:
        return status
    publication = publish_list(run=run, reading=reading, beside=words.again, by=CONSOLE, now=now)
    counts = publication.counts
    sys.stdout.write(
        f"{'已发布' if publication.fresh else '此前已发布，未作改动'}：{publication.list.key}"
        f"《{publication.list.title}》\n"
        f"  任务 {counts.tasks} 项，单位 {counts.printed_units} 项次（{counts.units} 个单位），"
        f"责任 {counts.responsibilities} 条，量化指标 {counts.targets} 个，日志 {counts.events} 条\n"
    )
    return 0


def _report(reading: Reading) -> int:
    """Print what was found; 1 when something blocks publication."""
    parsed = reading.parsed
    printed = sum(len(task.units) for task in parsed.tasks)
    sys.stdout.write(
        f"《{parsed.title or reading.name}》{parsed.document_number}\n"
        f"  识别任务 {len(parsed.tasks)} 项，单位 {printed} 项次，"
        f"量化指标 {sum(len(task.targets) for task in parsed.tasks)} 个，疑点 {len(parsed.findings)} 处\n"
    )
    blocking = [f for f in parsed.findings if f.severity == "blocking"]
    for finding in blocking[:SHOWN]:
        where = f"任务 {finding.task}：" if finding.task else ""
        sys.stderr.write(f"  {where}{finding.message}\n")
    if len(blocking) > SHOWN:
        sys.stderr.write(f"  ……另有 {len(blocking) - SHOWN} 处\n")
    if blocking:
        sys.stderr.write(f"有 {len(blocking)} 处疑点必须先处理，暂不能发布。\n")
    return 1 if blocking else 0
