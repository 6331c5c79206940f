"""What every command that needs the database does first, and how it says no."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from duban.domain.errors import DomainError, Invalid

Command = Callable[[list[str]], int]


def with_django(command: Command) -> Command:
    """Load Django before the command; turn an expected refusal into its sentence and exit status 1 or 2."""

    @wraps(command)
    def run(argv: list[str]) -> int:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duban.config.settings")
        import django

        django.setup()
        try:
            return command(argv)
        except Invalid as error:
            sys.stderr.write(f"{error}\n")
            return 2
        except DomainError as error:
            sys.stderr.write(f"{error}\n")
            return 1

    return run


def ready_database() -> None:
    """Create the embedded database when there is none yet; refuse to run on one that lacks migrations."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    name = settings.DATABASES["default"]["NAME"]
    if connection.vendor == "sqlite" and not Path(name).exists():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        sys.stderr.write(f"已新建数据库 {name}\n")
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        sys.stderr.write("数据库还没有升级到本版本，请先运行 duban migrate。\n")
        raise SystemExit(1)
