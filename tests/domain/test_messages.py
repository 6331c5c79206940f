from __future__ import annotations

import pytest

from duban.domain.errors import Conflict, DomainError, Invalid, NotAllowed
from duban.domain.messages import LANGUAGES, Message, render

BLOCKING = Message("register.blocking", {"count": 2})


def test_render_speaks_every_language():
    assert [render(BLOCKING, language) for language in LANGUAGES] == [
        "有 2 处疑点必须先处理，暂不能发布。",
        "2 doubts must be settled first; the list cannot be published yet.",
    ]
    assert str(BLOCKING) == render(BLOCKING)


@pytest.mark.parametrize("message", [Message("no.such"), Message("register.blocking")])
def test_render_of_an_unknown_code_or_a_missing_value_is_a_bug(message):
    with pytest.raises(KeyError):
        render(message)


@pytest.mark.parametrize("kind", [NotAllowed, Conflict, Invalid])
def test_refusal_carries_its_sentence(kind):
    error = kind(BLOCKING)

    assert (str(error), error.message, isinstance(error, DomainError)) == (render(BLOCKING), BLOCKING, True)
