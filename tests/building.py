"""Shared builders: a small made-up list, the city it belongs to, and people in posts. They create the minimum."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from duban.directory.bundled import load
from duban.directory.models import Person, Unit, User
from duban.directory.operations import Seat, appoint, load_directory
from duban.directory.queries import unit_directory
from duban.documents.operations import Reading, keep_document, read_document
from duban.domain.posts import CONSOLE, Acting, PostRole
from duban.domain.units import UnitDirectory, UnitEntry, UnitKind
from duban.history.models import Event
from duban.register.operations import Publication, publish_list

NOW = datetime(2026, 2, 10, 1, 30, tzinfo=UTC)

HEAD = """云江市人民政府关于印发《2026年重点任务清单》的通知
云政发〔2026〕9号
各县（市、区）人民政府，市政府各部门：
现将《2026年重点任务清单》印发给你们，请认真落实。
云江市人民政府
2026年2月3日

2026年重点任务清单

一、加快发展
（一）做强产业
1.规模以上工业增加值增长6.5%以上，新增企业120家。
主责单位：市工业和信息化局，市统计局
"""
SMALL = (
    HEAD
    + """2.建成学校8所，6月底前投入使用。
主责单位：市教育局，各县（市、区）政府，澜桥区政府
二、改善民生
3.办好食堂，健全服务体系。
牵头单位：市民政局；配合单位：市财政局，市教育局
"""
)
DISTRICTS = [
    "澜桥区政府",
    "望川区政府",
    "锦渡区政府",
    "青屏区政府",
    "白鹭区政府",
    "稻川市政府",
    "溪源县政府",
    "岭阳县政府",
]
TASK_1 = "规模以上工业增加值增长6.5%以上，新增企业120家。"
TASK_2 = "建成学校8所，6月底前投入使用。"
TASK_3 = "办好食堂，健全服务体系。"

_names = count(1)


def city(directory: str = "yunjiang") -> Unit:
    """The root unit of a bundled directory, loaded."""
    return load_directory(directory=load(directory), by=CONSOLE, now=NOW).government


def another_city() -> Unit:
    """A government with one unit, besides the sample city."""
    unit = UnitEntry("市教育局", "市教育局", "别处市教育局", UnitKind.DEPARTMENT)
    directory = UnitDirectory("elsewhere", "别处市人民政府", (unit,), (), short_name="别处市")
    return load_directory(directory=directory, by=CONSOLE, now=NOW).government


def reading_of(government: Unit, text: str = SMALL, *, name: str = "清单.txt") -> Reading:
    """A text read and parsed against the stored directory of a government."""
    directory = unit_directory(government, NOW.date())
    return read_document(name=name, data=text.encode(), directory=directory)


def published(government: Unit, text: str = SMALL) -> Publication:
    """A text kept and published."""
    reading = reading_of(government, text)
    run = keep_document(reading=reading, government=government, by=CONSOLE, now=NOW)
    return publish_list(run=run, reading=reading, by=CONSOLE, now=NOW)


def other_number(text: str, number: int) -> str:
    """The same list under another document number."""
    return text.replace("〔2026〕9号", f"〔2026〕{number}号")


def someone(role: PostRole, unit: Unit) -> Acting:
    """A new person in a new seat of a unit, as a capacity to act in."""
    person = Person.objects.create(name=f"某人{next(_names)}")
    post = appoint(seat=Seat(unit, role, "岗位"), person=person, by=CONSOLE, now=NOW)
    return Acting(
        label=f"{unit.name} 岗位 {person.name}",
        person=person.pk,
        post=post.pk,
        unit=unit.pk,
        government=unit.government_id or unit.pk,
        role=role,
    )


def account_of(acting: Acting, *, username: str = "", password: str | None = None) -> User:
    """An account for somebody in a post; without a password only for `client.force_login`."""
    user = User(username=username or f"user{acting.person}", person_id=acting.person)
    if password is None:
        user.password = "!"
    else:
        user.set_password(password)
    user.save()
    return user


def unit_of(government: Unit, name: str) -> Unit:
    """A unit of a government by its short name."""
    return government.units.get(name=name)


def kinds_since(seq: int = 0) -> list[str]:
    """What happened after an event, in order."""
    return list(Event.objects.filter(seq__gt=seq).order_by("seq").values_list("kind", flat=True))


def last_seq() -> int:
    """The number of the newest event."""
    return Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
