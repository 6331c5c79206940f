"""Unit directories that come with the product, as facts: the sample city and Beijing."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

from duban.domain.units import DirectoryFileError, UnitDirectory, directory_from


def names() -> list[str]:
    """The bundled directories, by the name that `--directory` takes."""
    here = files("duban.directory.bundled")
    return sorted(
        entry.name.removesuffix(".toml") for entry in here.iterdir() if entry.name.endswith(".toml")
    )


def load(name: str) -> UnitDirectory:
    """A bundled directory by name, or a file by its path (ends in .toml). Raises DirectoryFileError with reasons."""
    if name.endswith(".toml"):
        path = Path(name)
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise DirectoryFileError([f"单位名录“{name}”读不出来：{error.strerror}"]) from error
        key = path.stem
    elif name in names():
        text, key = (
            files("duban.directory.bundled").joinpath(f"{name}.toml").read_text(encoding="utf-8"),
            name,
        )
    else:
        raise DirectoryFileError([f"没有名为“{name}”的单位名录；自带的有：{'、'.join(names())}"])
    try:
        return directory_from(tomllib.loads(text), key=key)
    except tomllib.TOMLDecodeError as error:
        raise DirectoryFileError([f"单位名录“{name}”不是有效的 TOML：{error}"]) from error
