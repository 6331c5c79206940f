"""The sample as .txt, with the damage that published lists have, because clean text would prove nothing."""

from __future__ import annotations

import re
from typing import Final

from sample_data import LABEL, SEPARATOR, Chance, Sample, SampleTask

BEFORE_NUMBER: Final = re.compile(r"(?<=[\u4e00-\u9fff（])(?=\d)")
AFTER_NUMBER: Final = re.compile(r"(?<=\d)(?=[\u4e00-\u9fff])")
BEFORE_QUOTE: Final = re.compile(r"(?<=[\u4e00-\u9fff，])(?=“)")
BEFORE_CLOSING: Final = re.compile(r"(?=”)")
INSIDE_WORD: Final = re.compile(r"[0-9A-Za-z.%‰/-]")
NEVER_FIRST: Final = frozenset("，。、；：）”》%‰")
NEVER_LAST: Final = frozenset("（“《")


def damaged_text(sample: Sample) -> str:
    """Write the whole document as a careless extraction leaves it."""
    chance = Chance(f"{sample.document_number} txt")
    notice = sample.notice
    head = [
        notice.heading,
        f"发布日期: {sample.published_on.isoformat()} ",
        sample.document_number,
        *notice.paragraphs,
        f"{notice.signature}　　　　 ",
        f"{notice.signed}　　 ",
        notice.note,
        sample.title,
        "",
    ]
    return "\n".join(head) + _body(sample, chance) + f"\n\n\n{notice.printing}\n"


def _body(sample: Sample, chance: Chance) -> str:
    pieces: list[str] = []
    chapter, section = "", ""
    for task in sample.tasks:
        if task.path[0] != chapter:
            pieces.append(f"　　\n　　{task.path[0]}" + ("" if chance.happens(0.4) else "\n"))
            pieces.append(task.path[1])
            pieces.append(" \n" if chance.happens(0.6) else " ")
        elif task.path[1] != section:
            pieces.append(
                ("" if chance.happens(0.6) else "\n") + task.path[1] + (" " if chance.happens(0.6) else "\n")
            )
        elif not chance.happens(0.7):
            pieces.append("\n\n" if chance.happens(0.2) else " \n")
        else:
            pieces.append(" ")
        chapter, section = task.path
        pieces.append(_task(task, chance))
    return "".join(pieces)


def _task(task: SampleTask, chance: Chance) -> str:
    text = f"{task.number}." + (" " if chance.happens(0.1) else "") + stray_blanks(task.text, chance)
    label = "主责单位:" if chance.happens(0.04) else LABEL
    gap = "" if chance.happens(0.45) else ("\n\n" if chance.happens(0.15) else "\n")
    units = SEPARATOR.join(task.units)
    return hard_breaks(text, chance) + gap + hard_breaks(label + units, chance)


def stray_blanks(text: str, chance: Chance) -> str:
    """Blanks before numbers, units of measure and quotes, here and there."""
    for place, share in (
        (BEFORE_NUMBER, 0.35),
        (AFTER_NUMBER, 0.08),
        (BEFORE_QUOTE, 0.5),
        (BEFORE_CLOSING, 0.35),
    ):
        first, *rest = place.split(text)
        text = first + "".join((" " if chance.happens(share) else "") + piece for piece in rest)
    return text


def hard_breaks(text: str, chance: Chance) -> str:
    """Cut a long line, now and then, in the middle of a sentence, never inside a number or a Latin word."""
    if len(text) < 48 or not chance.happens(0.5):
        return text
    at = chance.between(40, min(len(text) - 4, 52))
    while not _may_break(text[at - 1], text[at]):
        at -= 1
    return text[:at].rstrip(" ") + "\n" + text[at:].lstrip(" ")


def _may_break(before: str, after: str) -> bool:
    if after in NEVER_FIRST or before in NEVER_LAST:
        return False
    return not (INSIDE_WORD.match(before) and INSIDE_WORD.match(after))
