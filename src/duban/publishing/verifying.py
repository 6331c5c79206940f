"""Whether a file still says what its data sheet says (核验): the paper is written again and both are compared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from duban.domain.posts import Acting
from duban.publishing.models import Snapshot
from duban.publishing.paper_marks import FORM, PaperMark, identify, same_paper
from duban.publishing.queries import sheet_at


class Outcome(StrEnum):
    """What became of a verification."""

    SAME = "same"
    DIFFERS = "differs"
    NOT_OURS = "not_ours"
    NO_SHEET = "no_sheet"
    PURGED = "purged"


SENTENCES = {
    Outcome.NOT_OURS: "这不是本系统形成的文书，无法核验。",
    Outcome.NO_SHEET: "这份文书的数据底稿不在本系统中，无法核验。",
    Outcome.PURGED: "数据底稿已处置，这份文书不能再核验。",
}
OTHER_FORM = "这份文书由另一版程序写成（版式{then}，现为版式{now}），措辞可能不同；请逐处核对以下数字是否一致"
MOVED_ON = "这份文书形成后，该单位的记录又有变动；以下按现在的记录逐处对照，现在的记录在前，文书在后"


@dataclass(frozen=True, slots=True)
class Verified:
    """The outcome, the hash of the data sheet ("" for a strange file), and every place that differs (底稿≠文件)."""

    outcome: Outcome
    snapshot: str = ""
    differences: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Why nothing could be compared; "" where it could."""
        return SENTENCES.get(self.outcome, "")


def verify(content: bytes, acting: Acting | None = None) -> Verified:
    """Compare a file with what its data sheet gives; of the sheets a post sees, where one is given.

    Papers that a unit printed from its page have no data sheet: the record itself stands in for it.

    A file that is damaged or unsafe to open raises UnreadableFile.
    """
    from duban.publishing.assembly_units import write_paper

    mark = identify(content)
    if mark is None:
        return Verified(Outcome.NOT_OURS)
    sheet = sheet_at(mark.snapshot, acting)
    if sheet is None and is_purged(mark.snapshot, acting):
        return Verified(Outcome.PURGED, mark.snapshot)
    if sheet is None:
        return _verify_with_record(content, mark, acting)
    _, _, which = mark.key.split("/", 2) if mark.key.count("/") >= 2 else ("", "", mark.key)
    try:
        again = write_paper(sheet, mark.kind, which)
    except LookupError:
        return Verified(Outcome.NO_SHEET, mark.snapshot)
    differences = same_paper(again, content)
    if differences and mark.form != FORM:
        differences = (OTHER_FORM.format(then=mark.form, now=FORM), *differences)
    return Verified(Outcome.DIFFERS if differences else Outcome.SAME, mark.snapshot, differences)


def is_purged(sha256: str, acting: Acting | None = None) -> bool:
    """Whether there was a data sheet of that hash, of those a post sees, and its content was purged."""
    rows = Snapshot.objects.all() if acting is None else Snapshot.objects.visible_to(acting)
    return rows.filter(data_id=sha256, data__content__isnull=True).exists()


def _verify_with_record(content: bytes, mark: PaperMark, acting: Acting | None) -> Verified:
    """A paper that a unit printed: compared with the record of today, and where that has moved on since, it says so first."""
    from duban.publishing.unit_verifying import written_again

    again = written_again(mark, acting)
    if again is None:
        return Verified(Outcome.NO_SHEET, mark.snapshot)
    differences = same_paper(again.content, content)
    if not differences:
        return Verified(Outcome.SAME, mark.snapshot)
    first = (MOVED_ON,) if again.moved_on else ()
    return Verified(Outcome.DIFFERS, mark.snapshot, (*first, *differences))
