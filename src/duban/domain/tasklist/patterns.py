"""The regular expressions that a vocabulary yields, compiled once and only when a stage first asks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from duban.domain.tasklist.vocabulary import Vocabulary

CHINESE_DIGITS = "〇零一二三四五六七八九十百"
AREA = "(?:设区市|地级以上市|县级市|县市区|市县区|县区|区县|自治州|自治县|功能区|开发区|园区|乡镇|镇街|镇乡|街道|社区|市|县|区|州|盟|旗|乡|镇)"
AREAS = f"{AREA}(?:（[^（）]{{1,16}}）)?{AREA}?"


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


class Patterns(NamedTuple):
    """What the stages search for; `label` has groups role, noun, other."""

    label: re.Pattern[str]
    plain_label: re.Pattern[str]
    other_label: re.Pattern[str]
    verb: re.Pattern[str]
    any_verb: re.Pattern[str]
    verb_bracket: re.Pattern[str]
    joined_areas: re.Pattern[str]
    joined_names: re.Pattern[str] | None
    collective: re.Pattern[str]
    open_collective: re.Pattern[str]
    organ: re.Pattern[str]
    and_word: re.Pattern[str]
    debris: re.Pattern[str]
    first_is_lead: re.Pattern[str]
    requirement: re.Pattern[str]


@lru_cache(maxsize=8)
def patterns(vocabulary: Vocabulary) -> Patterns:
    """The compiled forms of one vocabulary."""
    v = vocabulary
    verbs = _any(v.verbs)
    bracket_inside = r"[^（）\n]*(?:（[^（）\n]*）[^（）\n]*)*"
    ending = f"[{v.organ_endings}]"
    split = f"[{v.split_endings}]"
    return Patterns(
        label=_label(v),
        plain_label=_plain_label(v),
        other_label=_other_unit_label(v),
        verb=re.compile(
            r"(?:等(?:相关|有关)?(?:单位|部门)?)?\s*(?P<how>(?:按照?|根据|依据|结合)?(?:各自|本部门)?(?:职责|职能|任务|责任)?(?:分工)?(?:要求|范围)?"
            rf"(?:分别|共同|具体|认真|抓好|做好|联合)?)(?P<verb>{verbs})(?P<what>(?<=负责)[^，；。、（）：]{{1,24}})?"
            r"(?=\s*(?:[，；。、）]|$|\n))"
        ),
        any_verb=re.compile(rf"(?:{verbs})|会同"),
        verb_bracket=re.compile(rf"（(?P<inside>{bracket_inside}(?:{verbs})[^（）\n]{{0,40}})）"),
        joined_areas=re.compile(
            rf"各(?:有关|相关)?{AREAS}(?:[、和及]{AREAS})+(?=人民政府|政府|管委会|党委|有关|相关|部门|行政|主管)"
        ),
        joined_names=re.compile(_any(v.joined_names)) if v.joined_names else None,
        collective=re.compile(rf"^(?:[^，、]{{0,6}}?)(?:{_any(v.collective_words)})"),
        open_collective=re.compile(_any(v.open_words)),
        organ=re.compile(rf"{ending}(?:（[^（）]*）)?$"),
        and_word=re.compile(
            rf"(?<={split})(?:以及|及其|及|和|与|暨|或)(?=各|有关|相关|[省市区县州][^，、；]|[^，、；]{{2,12}}{ending}(?:[，、；）]|$))"
        ),
        debris=re.compile("|".join(v.page_debris)),
        first_is_lead=re.compile("|".join(v.first_is_lead)),
        requirement=re.compile(_any(v.requirement_headings)),
    )


def _unit_label(v: Vocabulary) -> str:
    role, noun = _any(v.label_roles), _any(v.label_nouns)
    return (
        rf"(?:{_any(v.label_prefixes)})?(?P<role>(?:{role}))(?:(?:{role})|[（）/、和及与])*[ \t]?(?P<noun>{noun})"
        r"(?:[及和、](?:责任人|负责人))?"
    )


def _label(v: Vocabulary) -> re.Pattern[str]:
    """A label is its own words and a colon; the look ahead spares the long alternatives at most characters."""
    other = rf"(?P<other>{_any(v.other_labels)})"
    loose, strict = "(?<![各本确其由的及和与为是定落])", "(?<![一-龥])"
    first = "".join(sorted({word[0] for word in (*v.label_roles, *v.label_prefixes, *v.other_labels)}))
    return re.compile(
        rf"(?=[{first}])(?:{loose}{_unit_label(v)}|{strict}{other})"
        r"[ \t]*(?:（[^（）：\n]{0,14}）)?[ \t]*(?:为?：)"
    )


def _plain_label(v: Vocabulary) -> re.Pattern[str]:
    """A label without its colon: alone in brackets, or first on its line and followed by a blank."""
    unit = _unit_label(v)
    other = unit.replace("?P<role>", "?P<line_role>").replace("?P<noun>", "?P<line_noun>")
    return re.compile(rf"(?<=[\n。；\s])（{unit}）[ \t]*：?|(?<=\n){other}[ \t]+(?=[一-龥])")


def _other_unit_label(v: Vocabulary) -> re.Pattern[str]:
    """A label nobody has listed yet (督导单位：), when it stands where labels stand."""
    return re.compile(
        rf"(?<=[\n。；，\s（])(?!{_any(v.no_labels)})(?P<any>[一-龥]{{2,6}}(?:单位|部门))[ \t]*：[ \t]*(?=[一-龥])"
    )
