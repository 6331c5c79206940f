"""The one console script: `duban COMMAND …`. Each command's module is loaded only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

COMMANDS = {
    "parse": ("duban.cli.parse", "解析一份清单，输出记录（不需要数据库） / parse a list, print its records"),
    "eval": ("duban.cli.evaluate", "对照人工标注评测解析器 / score the parser against labelled documents"),
    "import": ("duban.cli.importing", "导入并发布清单 / import and publish a list"),
    "lists": ("duban.cli.lists", "列出已发布的清单 / list what is published"),
    "migrate": ("duban.cli.migrate", "建立或升级数据库 / create or upgrade the database"),
    "serve": ("duban.cli.serve", "启动网站 / run the site"),
    "account": ("duban.cli.account", "开通账号并任职 / open an account and fill a post"),
    "roster": ("duban.cli.roster", "单位名录与人员的导入导出 / roster and people, in and out of Excel"),
    "sheet": ("duban.cli.sheet", "单位报送表、细化表导出和合并 / a unit's sheet out and back"),
    "papers": ("duban.cli.papers", "生成一期的全部文书 / write every paper of a period"),
    "verify-paper": ("duban.cli.verify_paper", "核验文书与数据底稿 / check a paper against its data sheet"),
    "coverage": ("duban.cli.coverage", "三项检查 / the three coverage checks"),
    "patrol": ("duban.cli.patrol", "系统研判，每晚运行一次 / judge every task as of today"),
    "notify": ("duban.cli.notify", "提醒、催报、催办的外发摘要 / digests of what is owed"),
    "verify-history": ("duban.cli.verify", "核验操作日志 / verify the record"),
    "backup": ("duban.cli.backup", "备份数据（网站可以不停） / back the data up while the site runs"),
    "restore": ("duban.cli.restore", "核对并恢复备份 / check a backup and restore it"),
    "purge": ("duban.cli.purge", "涉密误传处置（两人） / purge a stored file, two persons"),
    "rehearse": ("duban.cli.rehearse", "演练：在一份清单上走完一年 / play a whole year on a list"),
    "demo": ("duban.cli.demo", "装入示例数据 / load the sample city"),
}

USAGE_ERROR = 2


def main(argv: list[str] | None = None) -> int:
    """Run one command; the exit status is 0 done, 1 refused or incomplete, 2 unusable input."""
    words = sys.argv[1:] if argv is None else argv
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(_help())
        return 0
    if words[0] == "--version":
        from duban import __version__

        sys.stdout.write(f"duban {__version__}\n")
        return 0
    if words[0] not in COMMANDS:
        sys.stderr.write(f"没有“{words[0]}”这个命令，可用的命令见 duban --help。\n")
        return USAGE_ERROR
    try:
        status: int = import_module(COMMANDS[words[0]][0]).main(words[1:])
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130
    return status


def _help() -> str:
    width = max(map(len, COMMANDS))
    rows = "".join(f"  {name:<{width}}  {text}\n" for name, (_, text) in COMMANDS.items())
    return f"duban COMMAND …   （duban COMMAND --help 看用法）\n\n{rows}"


if __name__ == "__main__":
    sys.exit(main())
