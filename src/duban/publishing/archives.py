"""Several papers in one file to keep."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from io import BytesIO
from typing import Final

from duban.publishing.assembly import Planned
from duban.publishing.assembly_units import write_paper
from duban.publishing.snapshots import Sheet

FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)


def zipped(sheet: Sheet, papers: Iterable[Planned]) -> bytes:
    """The papers under their own paths; the same sheet gives the same bytes."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:  # papers are packed already
        for paper in papers:
            member = zipfile.ZipInfo(paper.path, FIRST_DAY)
            archive.writestr(member, write_paper(sheet, paper.kind, paper.which))
    return target.getvalue()
