"""The heading row of a table that a unit filled in: columns in any order, under any of their usual names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from duban.domain.sheets_cells import Grid, Value, printed, squash

KEY: Final = "key"
NUMBER: Final = "number"
TASK: Final = "task"
KEY_TITLE: Final = "行标识（请勿改动）"
SEARCHED: Final = 60  # rows of titles and remarks above the heading row
BRACKETS: Final = re.compile(r"\([^)]*\)|[*:。、]")
ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    KEY: ("行标识",),
    NUMBER: ("编号", "序号", "任务编号", "任务序号", "清单编号", "清单序号", "任务号"),
    TASK: ("任务", "任务内容", "重点任务", "工作任务", "主要任务", "任务名称", "任务事项", "重点工作", "主要内容"),
    "year_target": ("年度目标", "全年目标", "年度工作目标", "年度任务目标", "目标"),
    "node": ("本期节点", "本期目标", "本期节点目标", "本季度节点", "本季度目标", "本月节点", "节点目标"),
    "last": ("上期进展", "上期情况", "上期进展情况", "上季度进展", "上月进展"),
    "progress": (
        "进展", "进展情况", "本期进展", "工作进展", "工作进展情况", "最新进展", "落实进展", "落实情况", "推进情况",
        "完成情况", "本期进展情况", "本季度进展", "本季度进展情况", "本月进展",
    ),
    "value": ("数值", "完成数值", "完成值", "完成数", "本期数值", "完成数量", "实际完成值", "当前值"),
    "problem": (
        "问题", "存在问题", "主要问题", "存在的问题", "困难问题", "问题困难", "问题和困难", "问题与困难",
        "存在困难", "存在困难和问题", "存在问题和困难", "困难和问题",
    ),
    "next": (
        "下步", "下一步", "下步工作", "下步安排", "下步打算", "下步举措", "下步措施", "下步工作安排", "下步工作打算",
        "下一步工作", "下一步安排", "下一步打算", "下一步举措", "下一步措施", "下一步计划", "下一步工作安排",
        "下一步工作打算", "下一步工作计划", "下一步工作举措",
    ),
    "q1": ("一季度", "第一季度", "1季度", "一季度节点", "一季度目标", "3月底"),
    "half": ("上半年", "半年", "二季度", "第二季度", "2季度", "上半年节点", "上半年目标", "二季度目标", "6月底"),
    "q3": ("三季度", "第三季度", "3季度", "三季度节点", "三季度目标", "前三季度", "9月底"),
    "year": ("全年", "四季度", "第四季度", "4季度", "全年节点", "年底", "年底节点", "12月底"),
    "deputy": ("分管负责同志", "分管领导", "分管负责人", "分管同志", "责任领导"),
    "division": ("责任处室", "处室", "承办处室", "责任科室", "科室", "责任部门", "承办科室"),
    "contact": ("联系人", "联络员", "联系同志", "责任人"),
    "phone": ("电话", "联系电话", "联系方式", "电话号码", "手机", "手机号", "办公电话"),
}  # fmt: skip


class Column(NamedTuple):
    """A column of a sheet. `asked` ones are filled in by the unit, up to `limit` characters; the others only show."""

    code: str
    title: str
    asked: bool
    limit: int


class Header(NamedTuple):
    """Where the heading row and its columns stand, zero-based in the grid; `repeated` ones are not read."""

    row: int
    places: Mapping[str, int]
    repeated: tuple[tuple[str, int], ...] = ()

    def repeats(self, grid: Grid, row: int) -> bool:
        """Whether a row is the heading once more, as on the next page of a pasted table."""
        return all(
            squash(printed(grid.value(row, place))) == squash(printed(grid.value(self.row, place)))
            for place in self.places.values()
        )


def header_of(grid: Grid, columns: Sequence[Column]) -> Header | None:
    """The row that names the most columns; it has the number (or our key) and one asked column. Two-row heads work."""
    codes = _codes(columns)
    asked = {column.code for column in columns if column.asked}
    best: Header | None = None
    for row in range(min(len(grid.rows), SEARCHED)):
        header = _header_at(grid, row, codes)
        fits = {KEY, NUMBER} & set(header.places) and asked & set(header.places)
        if fits and (best is None or len(header.places) > len(best.places)):
            best = header
    return best


def _codes(columns: Sequence[Column]) -> dict[str, str]:
    """Code by every name its column may bear; the column's own title wins."""
    known = {name: code for code in (KEY, *(c.code for c in columns)) for name in ALIASES.get(code, ())}
    return known | {_name(column.title): column.code for column in columns}


def _header_at(grid: Grid, row: int, codes: Mapping[str, str]) -> Header:
    """The columns that a row names; where it is blank, the row above speaks (cells merged over two rows)."""
    places: dict[str, int] = {}
    repeated: list[tuple[str, int]] = []
    own = [codes.get(_name(value)) for value in grid.rows[row]]
    for place, value in enumerate(grid.rows[row]):
        code = own[place]
        if code is None and not squash(printed(value)):
            code = codes.get(_name(grid.value(row - 1, place)))
        if code is None:
            continue
        if code in places:
            repeated.append((code, place))
        else:
            places[code] = place
    return Header(row, places, tuple(repeated))


def _name(value: Value) -> str:
    return BRACKETS.sub("", squash(printed(value)))
