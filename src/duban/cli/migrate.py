"""`duban migrate`: create or upgrade the database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

from duban.cli.django import with_django


@with_django
def main(argv: list[str]) -> int:
    """Apply every migration and lay the append-only triggers."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    ArgumentParser(prog="duban migrate", description=__doc__).parse_args(argv)
    if connection.vendor == "sqlite":
        Path(settings.DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("check", databases=["default"])
    return 0
