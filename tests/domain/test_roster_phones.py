from __future__ import annotations

import pytest

from duban.domain.roster_people import LONGEST_PHONE, is_phone, phone_of

GOOD = (
    "13800138000", "138 0013 8000", "138-0013-8000", "１３８００１３８０００", "13800138000.0", "+8613800138000",
    "010-65123456", "01065123456", "(010)65123456", "（010）6512 3456", "0871-6512345", "65123456", "6512345",
    "65123456转801", "65123456-801", "010—65123456—801", "65123456（转801）", "010-65123456转801", "400-810-1234",
    "内线0001", "0001", "801", "12345", "65123456、13800138000", "65123456；内线801",
)  # fmt: skip
BAD = (
    "abc电话", "1380013", "138001380001", "12800138000", "1380013800", "内线", "转801", "65123456转", "12", "电话65123456",
    "010-", "010-651234", "0000-1001", "801-12", "65123456、", "65123456 王某某", "10-65123456", "6512345678",
)  # fmt: skip


@pytest.mark.parametrize("text", GOOD)
def test_what_an_office_writes_for_a_telephone_is_taken(text):
    assert is_phone(phone_of(text))


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_telephone_is_not_taken(text):
    assert not is_phone(phone_of(text))


def test_a_cell_longer_than_is_kept_is_not_taken():
    four = "、".join(["13800138000"] * 4)

    assert len(four) > LONGEST_PHONE
    assert not is_phone(four)
