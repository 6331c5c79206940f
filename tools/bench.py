"""Pages against a bare signed-in Django page of 50 rows, in one run: medians of 100 and their ratio.

Time is from request to response inside the process with the full middleware, on the first list after a rehearsed year, with
one list and with 100 lists in the database. Pages whose address the site does not know yet are left out. `--profile NAME`
prints where the time of one page goes.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT.parent / "shared" / "corpus" / "docs" / "beijing-2023.txt"
TURNS = 100
SAMPLE = ROOT / "samples" / "yunjiang-2026.txt"
BARE = """{% for task in tasks %}<tr><td>{{ task.current.number }}</td><td>{{ task.current.text }}</td>
<td>{{ task.list.title }}</td><td>{{ task.list.published_at|date:"Y-m-d" }}</td></tr>{% endfor %}"""


def main() -> int:
    """Print the table; exit 1 when a page costs more than twice the bare one."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DUBAN_DATA_DIR"] = folder
        os.environ["DUBAN_HOSTS"] = "testserver"
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "duban.config.settings")
        import django
        from django.conf import settings

        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        django.setup()
        worst = 0.0
        _set_up()
        for lists in (1, int(os.environ.get("BENCH_LISTS", "100"))):
            _grow_to(lists)
            if lists == 1:
                _play()
            worst = max(worst, _measure(lists))
    return 1 if worst > 2 else 0


def _source() -> tuple[str, str, str]:
    if REFERENCE.exists():
        return "beijing", REFERENCE.name, REFERENCE.read_text(encoding="utf-8")
    return "yunjiang", SAMPLE.name, SAMPLE.read_text(encoding="utf-8")


def _set_up() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _grow_to(lists: int) -> None:
    from django.utils import timezone

    from duban.directory.bundled import load
    from duban.directory.operations import load_directory
    from duban.directory.queries import unit_directory
    from duban.documents.operations import keep_document, read_document
    from duban.domain.posts import CONSOLE
    from duban.register.models import TaskList
    from duban.register.operations import publish_list

    key, name, text = _source()
    now = timezone.now()
    government = load_directory(directory=load(key), by=CONSOLE, now=now).government
    known = unit_directory(government, timezone.localdate(now))
    for number in range(TaskList.objects.count() + 1, lists + 1):
        renumbered = text.replace("〔2023〕8号", f"〔2023〕{number + 7}号").replace(
            "〔2026〕3号", f"〔2026〕{number + 2}号"
        )
        begun = time.perf_counter()
        reading = read_document(name=name, data=renumbered.encode(), directory=known)
        run = keep_document(reading=reading, government=government, by=CONSOLE, now=now)
        publish_list(run=run, reading=reading, by=CONSOLE, now=now)
        if number == 1:
            sys.stdout.write(f"import and publish: {time.perf_counter() - begun:.2f} s\n")


def _play() -> None:
    """A whole rehearsed year of the first list."""
    from duban.register.models import TaskList
    from duban.rehearsal.play import Rehearsal

    chosen = TaskList.objects.order_by("pk")[0]
    begun = time.perf_counter()
    tally = Rehearsal(chosen, 1, lambda _: None).play(date(chosen.year, 12, 31))
    sys.stdout.write(f"rehearsed year: {time.perf_counter() - begun:.1f} s, {tally.sent} reports\n")


def _pages() -> dict[str, str]:
    """The pages by name; the search and the overview are shown beside them and bound by nothing."""
    from django.urls import Resolver404, resolve

    from duban.progress.models import Obligation, Period
    from duban.register.models import TaskList

    chosen = TaskList.objects.order_by("pk")[0]
    period = Period.objects.filter(list=chosen, key__endswith="-09").get()
    unit = Obligation.objects.filter(period=period).values_list("unit_id", flat=True)[0]
    top = f"/l/{chosen.key}/"
    found = {"bare": "/bare/", "list": top, "list light": f"{top}?light=lagging", "task": f"{top}t/18/"}
    found |= {
        "unit": f"{top}u/{unit}/",
        "period": f"{top}p/{period.key}/",
        "review": f"{top}p/{period.key}/review/?state=all",
    }
    found |= {
        "*overview": f"{top}overview/",
        "*leader": f"{top}leader/",
        "*search": f"{top}search/?q=%E5%BB%BA%E8%AE%BE",
    }
    known = {}
    for name, address in found.items():
        try:
            resolve(address.partition("?")[0])
        except Resolver404:
            sys.stdout.write(f"           {name:<10} has no address yet\n")
        else:
            known[name] = address
    return known


def _client() -> Any:
    from django.test import Client

    from duban.directory.models import Unit, User

    user = User.objects.filter(username="bench").first() or _account(Unit.objects.governments()[0])
    client = Client()
    client.force_login(user)
    session = client.session
    session["second_factor"] = user.pk
    session.save()
    return client


def _measure(lists: int) -> float:
    """The worst ratio of the bound pages; every page is asked in turn, so that a busy machine weighs on all alike."""
    _add_bare_page()
    client, pages = _client(), _pages()
    times: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(TURNS + 10):
        for name, address in pages.items():
            begun = time.perf_counter()
            status = client.get(address).status_code
            if turn >= 10:
                times[name].append((time.perf_counter() - begun) * 1000)
            if status != 200:
                sys.exit(f"{address} answered {status}")
    medians = {name: statistics.median(found) for name, found in times.items()}
    for name, median in medians.items():
        bound = "" if name.startswith("*") else f"  {_queries(client, pages[name]):>3} queries"
        sys.stdout.write(
            f"{lists:>4} lists  {name:<10} {median:6.2f} ms  x{median / medians['bare']:.2f}{bound}\n"
        )
    if lists == 1 and "--profile" in sys.argv:
        _profile(client, pages[sys.argv[sys.argv.index("--profile") + 1]])
    return max(median for name, median in medians.items() if not name.startswith("*")) / medians["bare"]


def _queries(client: Any, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def _profile(client: Any, address: str) -> None:
    import cProfile
    import pstats

    with cProfile.Profile() as profile:
        for _ in range(50):
            client.get(address)
    pstats.Stats(profile).sort_stats("cumtime").print_stats(60)


def _account(government: Any) -> Any:
    from django.utils import timezone

    from duban.directory.models import Person
    from duban.directory.operations import Seat, appoint, open_account
    from duban.domain.posts import CONSOLE, PostRole

    now = timezone.now()
    person = Person.objects.create(name="bench")
    seat = Seat(government, PostRole.SUPERVISOR, "督查员")
    appoint(seat=seat, person=person, by=CONSOLE, now=now)
    return open_account(username="bench", password="not-a-secret-here", person=person, by=CONSOLE, now=now)  # noqa: S106 (a throw-away database)


def _add_bare_page() -> None:
    """What Django alone costs: session, sign-in, CSRF, one query with a join, 50 rows in one template."""
    from django.http import HttpRequest, HttpResponse
    from django.template import Context, Engine
    from django.urls import path

    from duban.config import urls
    from duban.register.models import Task

    template = Engine().from_string(BARE)

    def bare(_: HttpRequest) -> HttpResponse:
        tasks = Task.objects.select_related("current", "list").order_by("pk")[:50]
        return HttpResponse(template.render(Context({"tasks": tasks})))

    if len(urls.urlpatterns) == 1:
        urls.urlpatterns[:0] = [path("bare/", bare)]  # type: ignore[list-item]  # a pattern stands beside a resolver


if __name__ == "__main__":
    sys.exit(main())
