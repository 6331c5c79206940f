"""The history app: guards what is written, lays the append-only triggers after every migrate and checks that they stand."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class HistoryConfig(AppConfig):
    """Registers the app, the gate against classified matter, the trigger check and the step after migrate."""

    name = "duban.history"
    label = "history"

    def ready(self) -> None:
        """Register once the models are loaded."""
        from duban.history.guard import stand_guard
        from duban.history.triggers import check_triggers  # models must be loaded first

        connection_created.connect(stand_guard, dispatch_uid="history.stand_guard")
        checks.register(check_triggers, checks.Tags.database)
        post_migrate.connect(_lay_triggers, dispatch_uid="history.lay_triggers")


def _lay_triggers(*, using: str, **_: Any) -> None:
    from duban.history.triggers import lay_triggers  # models must be loaded first

    lay_triggers(using)
