"""What the domain says to people: a code and its values; the words are one table, rendered without Django."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

LANGUAGES: Final = ("zh", "en")


class Message(NamedTuple):
    """A sentence not yet spoken: `code` names a row of the templates, `params` fill it."""

    code: str
    params: Mapping[str, str | int] = MappingProxyType({})

    def __str__(self) -> str:
        return render(self)


def render(message: Message, language: str = "zh") -> str:
    """The sentence in one of `LANGUAGES`. An unknown code is a bug and raises KeyError."""
    from duban.domain.phrases import PHRASES  # the table is large; parsing a clean file never needs it

    return PHRASES[message.code][LANGUAGES.index(language)].format(**message.params)
