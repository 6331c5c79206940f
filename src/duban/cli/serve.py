"""`duban serve`: the site, on this machine's loopback address unless told otherwise."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from duban.cli.django import ready_database, with_django


@with_django
def main(argv: list[str]) -> int:
    """Run gunicorn: one process with eight threads on SQLite, more processes on PostgreSQL."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from duban.shared.backups import held

    parser = ArgumentParser(prog="duban serve", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=0, help="进程数；SQLite 只用 1 个")
    words = parser.parse_args(argv)
    ready_database()
    call_command("collectstatic", interactive=False, verbosity=0)
    embedded = connection.vendor == "sqlite"
    connection.close()
    workers = 1 if embedded else words.workers or 2
    sys.stdout.write(f"http://{words.host}:{words.port}/\n")
    sys.stdout.flush()
    options = {
        "bind": f"{words.host}:{words.port}",
        "workers": workers,
        "threads": 8,
        "timeout": 120,
        "control_socket_disable": True,
    }
    with held(settings.DATA_DIR, alone=False):  # a restore waits until the site is stopped
        _serve(options)
    return 0


def _serve(options: dict[str, Any]) -> None:
    from gunicorn.app.base import BaseApplication

    class Site(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
        """gunicorn, configured by us rather than by a file."""

        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from duban.config.wsgi import application

            return application

    Site(prog="duban").run()
