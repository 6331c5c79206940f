"""The regular expressions that a vocabulary yields, compiled once and only when a stage first asks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property, lru_cache

from duban.domain.tasklist.vocabulary import Vocabulary

AREA = "(?:设区市|地级以上市|县级市|县市区|市县区|县区|区县|自治州|自治县|功能区|开发区|园区|乡镇|镇街|镇乡|街道|社区|市|县|区|州|盟|旗|乡|镇)"
AREAS = f"{AREA}(?:（[^（）]{{1,16}}）)?{AREA}?"


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


class Patterns:
    """What the stages search for, each compiled when it is first needed: most documents need half of them."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._words = vocabulary
        self._verbs = _any(vocabulary.verbs)
        self._ending = f"[{vocabulary.organ_endings}]"

    @cached_property
    def label(self) -> re.Pattern[str]:
        """A known label with its colon; groups role, noun, other."""
        return _label(self._words)

    @cached_property
    def plain_label(self) -> re.Pattern[str]:
        """A known label without a colon."""
        return _plain_label(self._words)

    @cached_property
    def other_label(self) -> re.Pattern[str]:
        """Words that only have the form of a label."""
        return _other_unit_label(self._words)

    @cached_property
    def verb(self) -> re.Pattern[str]:
        """A verb of assignment at the end of a list; groups how, verb, what."""
        return re.compile(
            r"(?:等(?:相关|有关)?(?:单位|部门)?)?\s*(?P<how>(?:按照?|根据|依据|结合)?(?:各自|本部门)?(?:职责|职能|任务|责任)?"
            r"(?:分工)?(?:要求|范围)?(?:分别|共同|具体|认真|抓好|做好|联合)?)"
            rf"(?P<verb>{self._verbs})(?P<what>(?<=负责)[^，；。、（）：]{{1,24}})?(?=\s*(?:[，；。、）]|$|\n))"
        )

    @cached_property
    def any_verb(self) -> re.Pattern[str]:
        """Whether a list may hold a verb of assignment."""
        return re.compile(rf"(?:{self._verbs})|会同")

    @cached_property
    def verb_bracket(self) -> re.Pattern[str]:
        """A bracket that may say in verbs who does a task."""
        inside = r"[^（）\n]{0,300}(?:（[^（）\n]{0,60}）[^（）\n]{0,300}){0,20}"
        return re.compile(rf"（(?P<inside>{inside}(?:{self._verbs})[^（）\n]{{0,40}})）")

    @cached_property
    def joined_areas(self) -> re.Pattern[str]:
        """各市、县〔区〕人民政府: delimiters inside one collective."""
        follows = "人民政府|政府|管委会|党委|有关|相关|部门|行政|主管"
        return re.compile(rf"各(?:有关|相关)?{AREAS}(?:[、和及]{AREAS})+(?={follows})")

    @cached_property
    def collective(self) -> re.Pattern[str]:
        """A name that stands for many."""
        return re.compile(rf"^(?:[^，、]{{0,6}}?)(?:{_any(self._words.collective_words)})")

    @cached_property
    def open_collective(self) -> re.Pattern[str]:
        """A collective whose members nobody has fixed."""
        return re.compile(_any(self._words.open_words))

    @cached_property
    def organ(self) -> re.Pattern[str]:
        """A name that ends as organs do."""
        return re.compile(rf"{self._ending}(?:（[^（）]*）)?$")

    @cached_property
    def and_word(self) -> re.Pattern[str]:
        """和, 及 and their like between two whole names."""
        name = f"[^，、；]{{2,12}}{self._ending}(?:[，、；）]|$)"
        return re.compile(
            rf"(?<=[{self._words.split_endings}])(?:以及|及其|及|和|与|暨|或)"
            rf"(?=各|有关|相关|[省市区县州][^，、；]|{name})"
        )

    @cached_property
    def debris(self) -> re.Pattern[str]:
        """What a web page or a printer leaves around a document."""
        return re.compile("|".join(self._words.page_debris))

    @cached_property
    def first_is_lead(self) -> re.Pattern[str]:
        """A notice's own rule that the unit listed first leads."""
        return re.compile("|".join(self._words.first_is_lead))

    @cached_property
    def requirement(self) -> re.Pattern[str]:
        """A heading under which no tasks stand."""
        return re.compile(_any(self._words.requirement_headings))


@lru_cache(maxsize=8)
def patterns(vocabulary: Vocabulary) -> Patterns:
    """The patterns of one vocabulary."""
    return Patterns(vocabulary)


def _unit_label(v: Vocabulary) -> str:
    role, noun = _any(v.label_roles), _any(v.label_nouns)
    return (
        rf"(?:{_any(v.label_prefixes)})?(?P<role>(?:{role}))(?:(?:{role})|[（）/、和及与])*[ \t]?(?P<noun>{noun})"
        r"(?:[及和、](?:责任人|负责人))?"
    )


def _label(v: Vocabulary) -> re.Pattern[str]:
    """A label is its own words and a colon; the look ahead spares the long alternatives at most characters."""
    other = rf"(?P<other>{_any(v.other_labels)})"
    loose, strict = "(?<![各本确其由的及和与为是定落])", r"(?<!\w)"
    first = "".join(sorted({word[0] for word in (*v.label_roles, *v.label_prefixes, *v.other_labels)}))
    return re.compile(
        rf"(?=[{first}])(?:{loose}{_unit_label(v)}|{strict}{other})"
        r"[ \t]*(?:（[^（）：\n]{0,14}）)?[ \t]*(?:为?：)"
    )


def _plain_label(v: Vocabulary) -> re.Pattern[str]:
    """A label without its colon: alone in brackets, or first on its line and followed by a blank."""
    unit = _unit_label(v)
    other = unit.replace("?P<role>", "?P<line_role>").replace("?P<noun>", "?P<line_noun>")
    return re.compile(rf"(?<=[\n。；\s])（{unit}）[ \t]*：?|(?<=\n){other}[ \t]+(?=[^\W\d])")


def _other_unit_label(v: Vocabulary) -> re.Pattern[str]:
    """A label nobody has listed yet (督导单位：), when it stands where labels stand."""
    return re.compile(
        rf"(?<=[\n。；，\s（])(?!{_any(v.no_labels)})(?P<any>[^\W\d]{{2,6}}(?:单位|部门))[ \t]*：[ \t]*(?=[^\W\d])"
    )
