"""Office files are zip packages; these are stored, not deflated, because compressors differ from machine to machine."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

EPOCH: Final = (1980, 1, 1, 0, 0, 0)


def package(files: Mapping[str, bytes]) -> bytes:
    """Zip these parts, with one fixed time stamp."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 0
            archive.writestr(entry, data)
    return buffer.getvalue()


def repacked(data: bytes) -> bytes:
    """Store the parts of another writer's package in the same way."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return package({name: archive.read(name) for name in archive.namelist()})
