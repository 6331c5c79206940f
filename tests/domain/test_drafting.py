from __future__ import annotations

import time
from itertools import permutations

import pytest

from duban.directory.bundled import load
from duban.domain.drafting import apply, extend
from duban.domain.drafting_columns import layout_of, read_with_columns
from duban.domain.drafting_edits import KINDS, VALUES, Edit, EditKind, edit_from
from duban.domain.drafting_names import suggest
from duban.domain.drafting_records import dump_records, load_records
from duban.domain.errors import Conflict, Invalid
from duban.domain.source import Block, BlockKind, SourceText
from duban.domain.tasklist.pipeline import parse
from duban.domain.tasklist.records import ColumnKind, Matter, Role

DIRECTORY = load("yunjiang")
TEXT = """云江市人民政府关于印发《2026年民生实事清单》的通知
云政发〔2026〕19号
各县（市、区）人民政府，市政府各部门：
云江市人民政府
2026年2月3日

2026年民生实事清单

一、加快发展
（一）做强产业
1.新增企业120家。建成中试基地2个，完善要素保障机制。
主责单位：市工业和信息化委，市统计局，各县（市、区）政府
2.建成学校8所，6月底前投入使用。
主责单位：市教育局
4.办好食堂，健全服务体系。
牵头单位：市民政局；责任单位：市财政局；配合单位：市工业和信息化委
二、改善民生
5.整治河道。
主责单位：市水利局
"""
SOURCE = SourceText(TEXT)
READ = parse(SOURCE, directory=DIRECTORY)


def edit(kind: EditKind, *, actor: str = "甲", seen: int = 0, **values: object) -> Edit:
    return Edit(kind, values, seen, 0, actor, actor)


def log(*edits: Edit, before: tuple[Edit, ...] = ()) -> tuple[Edit, ...]:
    return (*before, *extend(SOURCE, READ, before, edits))


def draft(*edits: Edit):
    return apply(SOURCE, READ, log(*edits))


def rows(result) -> list[tuple[str, str, str]]:
    return [
        (each.task.number, each.task.text, "，".join(f"{u.role.value}:{u.unit}" for u in each.task.units))
        for each in result.tasks
    ]


def at(text: str) -> int:
    return TEXT.index(text)


def unit_of(task: str, name: str) -> str:
    each = next(each for each in apply(SOURCE, READ, ()).tasks if each.id == task)
    return next(key for key, unit in zip(each.units, each.task.units, strict=True) if unit.name == name)


def covers_everything_once(result) -> bool:
    ends = [stretch.span for stretch in result.parsed.stretches]
    return [s.start for s in ends] + [len(TEXT)] == [0] + [s.end for s in ends]


KNOWN = {"name": "市工业和信息化委", "as": "unit", "key": "市工业和信息化局"}
FIRST = ("1", "新增企业120家。建成中试基地2个，完善要素保障机制。",
         "main:None，main:市统计局，main:各县（市、区）政府")  # fmt: skip
SECOND = ("2", "建成学校8所，6月底前投入使用。", "main:市教育局")
FOURTH = ("4", "办好食堂，健全服务体系。", "lead:市民政局，main:市财政局，support:None")
FIFTH = ("5", "整治河道。", "main:市水利局")


def test_a_draft_without_edits_is_what_was_read():
    result = draft()

    assert result.parsed == READ._replace(findings=result.parsed.findings)
    assert [(d.key, d.task, d.times) for d in result.doubts] == [
        ("unit_unknown:市工业和信息化委", "t1", 2),
        ("number_gap-{}-{}".format(at("4.办好"), at("4.办好") + 1), "t3", 1),
        ("role_unclear-{}-{}".format(at("4.办好"), at("委\n二、") + 1), "t3", 1),
    ]
    assert result.refusal.code == "draft.doubts_open"
    assert result.refusal.params == {"count": 3}


def test_records_survive_being_written_down():
    assert load_records(dump_records(READ)) == READ


def test_what_each_edit_makes_of_the_tasks():
    """The whole table: kind of edit, its values, the tasks that differ from what was read."""
    fee = "市财政局"
    table = {
        "number": (edit(EditKind.NUMBER, task="t3", number="3"), {2: ("3", *FOURTH[1:])}),
        "label": (
            edit(EditKind.LABEL_ROLE, label="主责单位", role="lead"),
            {
                0: (*FIRST[:2], FIRST[2].replace("main", "lead")),
                1: (*SECOND[:2], "lead:市教育局"),
                3: (*FIFTH[:2], "lead:市水利局"),
            },
        ),
        "role": (
            edit(EditKind.ROLE, task="t3", unit=unit_of("t3", fee), role="support"),
            {2: (*FOURTH[:2], "lead:市民政局，support:市财政局，support:None")},
        ),
        "resolve": (
            edit(EditKind.RESOLVE, **KNOWN),
            {
                0: (*FIRST[:2], FIRST[2].replace("None", KNOWN["key"])),
                2: (*FOURTH[:2], FOURTH[2].replace("None", KNOWN["key"])),
            },
        ),
        "no unit": (
            edit(EditKind.RESOLVE, **{**KNOWN, "as": "none", "key": ""}),
            {
                0: (*FIRST[:2], "main:市统计局，main:各县（市、区）政府"),
                2: (*FOURTH[:2], "lead:市民政局，main:市财政局"),
            },
        ),
        "add": (
            edit(EditKind.ADD_UNIT, task="t4", **{"as": "unit", "key": fee, "role": "support"}),
            {3: (*FIFTH[:2], "main:市水利局，support:市财政局")},
        ),
        "remove": (
            edit(EditKind.REMOVE_UNIT, task="t3", unit=unit_of("t3", fee)),
            {2: (*FOURTH[:2], "lead:市民政局，support:None")},
        ),
        "bounds": (
            edit(EditKind.BOUNDS, task="t2", start=at("6月底"), end=at("6月底前投入使用。") + 9),
            {1: ("2", "6月底前投入使用。", "main:市教育局")},
        ),
        "aside": (
            edit(EditKind.SET_ASIDE, task="", start=at("，完善要素"), end=at("，完善要素") + 9),
            {0: ("1", "新增企业120家。建成中试基地2个。", FIRST[2])},
        ),
    }

    made = {
        name: {
            n: row
            for n, (row, old) in enumerate(zip(rows(draft(one)), rows(draft()), strict=True))
            if row != old
        }
        for name, (one, _) in table.items()
    }

    assert made == {name: expected for name, (_, expected) in table.items()}


def test_what_edits_of_the_structure_make_of_the_list():
    base = [FIRST, SECOND, FOURTH, FIFTH]
    cut = at("建成中试")
    halves = [("1", "新增企业120家。", FIRST[2]), ("1-2", "建成中试基地2个，完善要素保障机制。", FIRST[2])]
    table = {
        "split": (edit(EditKind.SPLIT, task="t1", at=cut), [*halves, *base[1:]]),
        "merge": (
            edit(EditKind.MERGE, task="t1"),
            [("1", FIRST[1] + SECOND[1], f"{FIRST[2]}，{SECOND[2]}"), *base[2:]],
        ),
        "tail to next": (
            edit(EditKind.BOUNDARY, task="t1", at=cut),
            [halves[0], ("2", halves[1][1] + SECOND[1], SECOND[2]), *base[2:]],
        ),
        "head to previous": (
            edit(EditKind.BOUNDARY, task="t1", at=at("6月底")),
            [("1", FIRST[1] + "建成学校8所，", FIRST[2]), ("2", "6月底前投入使用。", SECOND[2]), *base[2:]],
        ),
        "no task": (edit(EditKind.SET_ASIDE, task="t4", start=0, end=0), base[:3]),
        "task of front matter": (
            edit(EditKind.MAKE_TASK, start=at("各县（市、区）人民"), end=at("：\n云江市"), number="0"),
            [("0", "各县（市、区）人民政府，市政府各部门", ""), *base],
        ),
    }  # fmt: skip

    made = {name: draft(one) for name, (one, _) in table.items()}

    assert {name: rows(result) for name, result in made.items()} == {
        name: e for name, (_, e) in table.items()
    }
    assert all(covers_everything_once(result) for result in made.values())
    assert {name: result.unconsumed for name, result in made.items()} == dict.fromkeys(table, 0)


def test_the_heading_of_a_task_is_one_that_stands_before_it():
    result = draft(edit(EditKind.HEADING, task="t4", heading=2))

    assert result.tasks[3].task.path == ("一、加快发展", "（一）做强产业")
    with pytest.raises(Invalid, match="之后"):
        draft(edit(EditKind.HEADING, task="t1", heading=3))


def test_text_taken_out_of_a_task_belongs_to_nothing_and_blocks_until_it_is_placed():
    start, end = at("6月底"), at("6月底") + 9
    cut = log(edit(EditKind.BOUNDS, task="t2", start=start, end=end))
    loose = apply(SOURCE, READ, cut)
    left = [d.finding for d in loose.doubts if d.finding.code == "unconsumed"]

    assert [f.span.of(TEXT) for f in left] == ["建成学校8所"]
    assert loose.unconsumed == 6
    aside = edit(EditKind.SET_ASIDE, seen=1, task="", start=left[0].span.start, end=left[0].span.end)
    placed = apply(SOURCE, READ, log(aside, before=cut))
    assert placed.unconsumed == 0
    assert [s.reason for s in placed.parsed.stretches if s.span == left[0].span] == ["set_aside"]


def test_a_name_that_is_no_unit_stays_in_the_text_as_matter():
    result = draft(edit(EditKind.RESOLVE, **{**KNOWN, "as": "none", "key": ""}))
    printed = [s for s in result.parsed.stretches if s.reason == "not_a_unit"]

    assert [(s.matter, s.span.of(TEXT)) for s in printed] == [(Matter.MATTER, KNOWN["name"])] * 2
    assert covers_everything_once(result)


def test_every_doubt_can_be_settled_and_then_nothing_refuses_publication():
    keys = [doubt.key for doubt in draft().doubts]
    blocking = draft(edit(EditKind.SEEN, findings=keys))
    done = draft(edit(EditKind.SEEN, findings=keys), edit(EditKind.RESOLVE, **KNOWN))

    assert [d.key for d in blocking.open_doubts] == ["unit_unknown:市工业和信息化委"]  # looking is not enough
    assert done.refusal is None
    assert done.parsed.findings == ()
    assert [d.settled_by for d in done.doubts] == ["甲", "甲"]


def test_what_edits_bring_up_is_asked_anew():
    emptied = draft(edit(EditKind.REMOVE_UNIT, task="t4", unit=unit_of("t4", "市水利局")))
    twice = draft(edit(EditKind.NUMBER, task="t3", number="2"))
    labelled = draft(edit(EditKind.LABEL_ROLE, label="责任单位", role="support"))

    assert "task_without_units" in [d.finding.code for d in emptied.doubts]
    assert [d.finding.code for d in twice.doubts if d.finding.code.startswith("number")] == [
        "number_repeated"
    ]
    assert "role_unclear" not in [d.finding.code for d in labelled.doubts]


COMMUTING = (
    edit(EditKind.NUMBER, actor="甲", task="t1", number="一"),
    edit(EditKind.ADD_UNIT, actor="乙", task="t2", **{"as": "unit", "key": "市财政局", "role": "support"}),
    edit(EditKind.RESOLVE, actor="丙", **KNOWN),
    edit(EditKind.LABEL_ROLE, actor="丁", label="牵头单位", role="main"),
)


def test_edits_of_different_things_give_the_same_draft_in_any_order():
    results = {tuple(rows(draft(*order))) for order in permutations(COMMUTING)}

    assert len(results) == 1


def test_the_later_of_two_edits_of_one_thing_is_refused_with_both_values():
    before = log(edit(EditKind.NUMBER, actor="甲", task="t1", number="101"))
    with pytest.raises(Conflict) as refused:
        log(edit(EditKind.NUMBER, actor="乙", seen=0, task="t1", number="102"), before=before)

    assert refused.value.message.params == {"who": "甲", "theirs": "101", "yours": "102"}
    seen = log(edit(EditKind.NUMBER, actor="乙", seen=1, task="t1", number="102"), before=before)
    assert rows(apply(SOURCE, READ, seen))[0][0] == "102"


def test_which_pairs_of_edits_meet():
    """Two people on one revision: whether the second edit is refused."""
    first = {
        "number": edit(EditKind.NUMBER, task="t1", number="9"),
        "role": edit(EditKind.ROLE, task="t1", unit=unit_of("t1", "市统计局"), role="lead"),
        "split": edit(EditKind.SPLIT, task="t1", at=at("建成中试")),
        "merge": edit(EditKind.MERGE, task="t1"),
        "name": edit(EditKind.RESOLVE, **KNOWN),
    }
    second = {
        "number": edit(EditKind.NUMBER, actor="乙", task="t1", number="8"),
        "other role": edit(EditKind.ROLE, actor="乙", task="t1", unit=unit_of("t1", "各县（市、区）政府"), role="lead"),
        "next": edit(EditKind.NUMBER, actor="乙", task="t2", number="7"),
        "name": edit(EditKind.RESOLVE, actor="乙", **{**KNOWN, "key": "市教育局"}),
    }  # fmt: skip

    refused = set()
    for one, theirs in first.items():
        for two, yours in second.items():
            try:
                log(yours, before=log(theirs))
            except Conflict:
                refused.add((one, two))

    assert refused == {
        ("number", "number"),
        ("split", "number"),
        ("split", "other role"),
        ("merge", "number"),
        ("merge", "other role"),
        ("merge", "next"),
        ("name", "name"),
    }


def test_an_edit_that_changes_nothing_leaves_no_trace():
    again = edit(EditKind.NUMBER, actor="乙", task="t1", number="9")

    assert len(log(edit(EditKind.NUMBER, task="t1", number="9"), again)) == 1


def test_one_undoes_ones_own_last_edit_and_only_while_nobody_built_upon_it():
    mine = log(edit(EditKind.SPLIT, task="t1", at=at("建成中试")))
    theirs = log(edit(EditKind.NUMBER, actor="乙", seen=1, task="e1", number="1之二"), before=mine)
    undone = log(edit(EditKind.UNDO, edit=0), before=mine)

    assert rows(apply(SOURCE, READ, undone)) == rows(draft())
    assert undone[-1].values == {"edit": 1}
    with pytest.raises(Conflict, match="乙"):
        log(edit(EditKind.UNDO, edit=0), before=theirs)
    with pytest.raises(Conflict, match="没有可以撤销"):
        log(edit(EditKind.UNDO, actor="丙", edit=0), before=mine)
    with pytest.raises(Conflict, match="没有可以撤销"):
        log(edit(EditKind.UNDO, edit=0), before=undone)


def test_undoing_keeps_what_others_did_elsewhere():
    before = log(
        edit(EditKind.SPLIT, task="t1", at=at("建成中试")),
        edit(EditKind.NUMBER, actor="乙", task="t2", number="22"),
    )
    after = apply(SOURCE, READ, log(edit(EditKind.UNDO, edit=1), before=before))

    assert [row[0] for row in rows(after)] == ["1", "22", "4", "5"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (edit(EditKind.NUMBER, task="t1", number=" "), "draft.bad_number"),
        (edit(EditKind.NUMBER, task="t1", number="1" * 21), "draft.bad_number"),
        (edit(EditKind.NUMBER, task="t1"), "draft.unreadable"),
        (edit(EditKind.ROLE, task="t1", unit="u1", role="boss"), "draft.unreadable"),
        (edit(EditKind.ROLE, task="t1", unit="u1", role="main"), "draft.unit_gone"),
        (edit(EditKind.NUMBER, task="t99", number="1"), "draft.task_gone"),
        (edit(EditKind.SPLIT, task="t1", at=at("二、改善")), "draft.not_inside"),
        (edit(EditKind.SPLIT, task="t4", at=at("。\n主责单位：市水利局")), "draft.half_empty"),
        (edit(EditKind.MERGE, task="t4"), "draft.nothing_follows"),
        (edit(EditKind.BOUNDS, task="t2", start=at("建成中试"), end=at("建成学校") + 4), "draft.range_taken"),
        (edit(EditKind.BOUNDS, task="t2", start=9, end=9), "draft.not_inside"),
        (edit(EditKind.MAKE_TASK, start=at("整治"), end=at("河道"), number="9"), "draft.range_taken"),
        (
            edit(EditKind.SET_ASIDE, task="", start=at("市水利局"), end=at("市水利局") + 4),
            "draft.range_taken",
        ),
        (edit(EditKind.RESOLVE, **{**KNOWN, "key": ""}), "draft.unreadable"),
        (edit(EditKind.HEADING, task="t1", heading=99), "draft.unreadable"),
        (
            edit(EditKind.SET_ASIDE, task="", start=at("成中试"), end=at("主责单位：市工") + 2),
            "draft.range_taken",
        ),
        (edit(EditKind.SET_ASIDE, task="", start=at("整治"), end=at("整治") + 4), "draft.half_empty"),
        (
            edit(EditKind.MAKE_TASK, start=at("\n\n2026"), end=at("2026年民生实事清单\n\n")),
            "draft.unreadable",
        ),
        (edit(EditKind.MAKE_TASK, start=at("\n\n一、"), end=at("一、加"), number="9"), "draft.half_empty"),
        (edit(EditKind.LABEL_ROLE, label="没有的栏目", role="main"), "draft.unreadable"),
        (edit(EditKind.RESOLVE, **{**KNOWN, "name": "没有印的名称"}), "draft.unreadable"),
        (
            edit(EditKind.ADD_UNIT, task="t1", **{"as": "none", "key": "甲", "role": "main"}),
            "draft.unreadable",
        ),
        (edit(EditKind.SEEN, findings=[]), "draft.unreadable"),
        (edit(EditKind.SEEN, findings=["\0"]), "draft.unreadable"),
    ],
)
def test_an_edit_that_cannot_be_done_is_refused_with_its_reason(wrong, code):
    with pytest.raises((Invalid, Conflict)) as refused:
        log(wrong)

    assert refused.value.message.code == code


def test_a_task_of_several_pieces_is_cut_but_its_bounds_are_not_typed():
    merged = log(edit(EditKind.MERGE, task="t1"))
    with pytest.raises(Invalid, match="几段合成"):
        log(edit(EditKind.BOUNDS, seen=1, task="t1", start=1, end=2), before=merged)
    apart = log(edit(EditKind.SPLIT, seen=1, task="t1", at=at("6月底")), before=merged)

    assert [row[:2] for row in rows(apply(SOURCE, READ, apart))][:2] == [
        ("1", FIRST[1] + "建成学校8所，"),
        ("1-2", "6月底前投入使用。"),
    ]


def test_halves_put_together_again_are_the_task_that_was_read():
    halves = log(edit(EditKind.SPLIT, task="t1", at=at("建成中试")))
    whole = apply(SOURCE, READ, log(edit(EditKind.MERGE, seen=1, task="t1"), before=halves))

    assert rows(whole) == rows(draft())


def test_a_list_keeps_one_task_and_a_text_without_any_is_refused():
    rest = [edit(EditKind.SET_ASIDE, task=f"t{n}", start=0, end=0) for n in (1, 2, 3)]
    with pytest.raises(Invalid, match="至少"):
        log(*rest, edit(EditKind.SET_ASIDE, task="t4", start=0, end=0))
    source = SourceText("随便写几个字。")
    empty = apply(source, parse(source, directory=DIRECTORY), ())

    assert "no_tasks" in [doubt.finding.code for doubt in empty.doubts]
    assert empty.refusal.code == "register.no_tasks"


def test_an_undo_that_would_pull_the_ground_from_under_others_is_refused():
    mine = log(edit(EditKind.BOUNDS, task="t2", start=at("6月底"), end=at("6月底") + 9))
    theirs = edit(
        EditKind.MAKE_TASK, actor="乙", seen=1, start=at("建成学校"), end=at("，6月底"), number="2之二"
    )
    with pytest.raises(Conflict, match="不能撤销"):
        log(edit(EditKind.UNDO, edit=0), before=log(theirs, before=mine))


def test_a_refusal_says_what_the_other_decided():
    other = {**KNOWN, "as": "none", "key": ""}
    table = [
        (edit(EditKind.RESOLVE, **other), edit(EditKind.RESOLVE, actor="乙", **KNOWN)),
        (
            edit(EditKind.LABEL_ROLE, label="主责单位", role="lead"),
            edit(EditKind.LABEL_ROLE, actor="乙", label="主责单位", role="support"),
        ),
        (
            edit(EditKind.SPLIT, task="t1", at=at("建成中试")),
            edit(EditKind.NUMBER, actor="乙", task="t1", number="9"),
        ),
    ]

    said = []
    for theirs, yours in table:
        with pytest.raises(Conflict) as refused:
            log(yours, before=log(theirs))
        said.append((refused.value.message.params["theirs"], refused.value.message.params["yours"]))

    assert said == [("不是单位", "市工业和信息化局"), ("牵头", "配合"), ("拆分", "9")]


def test_every_kind_of_edit_has_words_and_values_and_survives_being_written_down():
    one = edit(EditKind.SPLIT, task="t1", at=7, seen=3)

    assert set(KINDS) == set(VALUES) == set(EditKind)
    assert edit_from(one.body(), ordinal=0, actor="甲", label="甲") == one


def test_a_hundred_edits_of_three_hundred_tasks_take_less_than_a_third_of_a_second():
    body = "".join(
        f"{n}.完成任务{n}，新增企业{n}家。建成学校{n}所。\n主责单位：市教育局，市统计局\n"
        for n in range(1, 301)
    )
    source = SourceText("2026年重点任务清单\n一、加快发展\n" + body)
    read = parse(source, directory=DIRECTORY)
    edits = [
        Edit(EditKind.SPLIT, {"task": f"t{n}", "at": read.tasks[n - 1].clauses[-1].span.start})
        if n % 2
        else Edit(EditKind.NUMBER, {"task": f"t{n}", "number": f"{n}甲"})
        for n in range(3, 300, 3)
    ]
    made = extend(source, read, (), edits)

    started = time.process_time()
    result = apply(source, read, made)

    assert time.process_time() - started < 0.3
    assert (len(made), len(result.tasks), result.unconsumed) == (99, 350, 0)


def test_suggestions_name_the_likeliest_first():
    names = {name: [s.key for s in suggest(name, DIRECTORY)][:1] for name in (
        "市工业和信息化委", "市教委", "市教育局（办公室）", "天外来客",
    )}  # fmt: skip

    assert names == {
        "市工业和信息化委": ["市工业和信息化局"],
        "市教委": ["市教育局"],
        "市教育局（办公室）": ["市教育局"],
        "天外来客": [],
    }


def table(*lines: str) -> SourceText:
    """Rows of cells divided by |, as a reader of workbooks hands them over."""
    text, blocks = "", []
    for row, line in enumerate(lines, 1):
        for column, cell in enumerate(line.split("|"), 1):
            blocks.append(Block(BlockKind.CELL, len(text), len(text) + len(cell), 1, "表", row, column))
            text += cell + "\t"
        text = text[:-1] + "\n"
    return SourceText(text, tuple(blocks), "xlsx")


def test_a_table_with_unknown_headers_is_read_once_a_person_names_its_columns():
    source = table(
        "号|要办的事|哪家办|花絮",
        "1|建成学校8所。|市教育局|略",
        "2|整治河道。|市水利局|从前如此",
        "3|修路。|市交通运输局|",
    )
    layout = layout_of(source)
    chosen = dict(enumerate((ColumnKind.NUMBER, ColumnKind.TASK, ColumnKind.MAIN, ColumnKind.IGNORE), 1))
    read = read_with_columns(source, directory=DIRECTORY, columns=chosen)

    assert layout is not None
    assert ([c.header for c in layout.columns], layout.known) == (["号", "要办的事", "哪家办", "花絮"], False)
    assert layout.columns[2].samples == ("市教育局", "市水利局", "市交通运输局")
    assert [(t.number, t.text, [u.unit for u in t.units]) for t in read.tasks] == [
        ("1", "建成学校8所。", ["市教育局"]),
        ("2", "整治河道。", ["市水利局"]),
        ("3", "修路。", ["市交通运输局"]),
    ]
    assert [f.code for f in read.findings] == []
    assert [s.span.of(source.text) for s in read.stretches if s.reason == "column_ignored"] == [
        "略",
        "从前如此",
    ]
    assert layout_of(SourceText("没有表格")) is None


def test_a_table_with_known_headers_says_so_and_columns_may_still_be_left_out():
    source = table(
        "序号|任务内容|责任单位|备注",
        "1|建成学校8所。|市教育局|略",
        "2|整治河道。|市水利局|无",
        "说明：略|||",
    )
    layout = layout_of(source)
    known = {c.number: c.kind for c in layout.columns}
    fewer = read_with_columns(source, directory=DIRECTORY, columns={**known, 4: ColumnKind.IGNORE})

    assert (layout.known, list(known.values())) == (
        True,
        [ColumnKind.NUMBER, ColumnKind.CONTENT, ColumnKind.MAIN, ColumnKind.REMARKS],
    )
    assert read_with_columns(source, directory=DIRECTORY, columns={}) == parse(source, directory=DIRECTORY)
    assert [[f.text for f in task.fields] for task in fewer.tasks] == [[], []]


def test_a_role_given_to_one_unit_outlasts_the_role_of_its_label():
    one = edit(EditKind.ROLE, task="t2", unit=unit_of("t2", "市教育局"), role="support")
    label = edit(EditKind.LABEL_ROLE, actor="乙", label="主责单位", role="lead")

    assert rows(draft(one, label)) == rows(draft(label, one))
    assert draft(one, label).tasks[1].task.units[0].role is Role.SUPPORT


def test_a_title_and_a_year_given_by_a_person_count_and_move_the_limits():
    result = draft(edit(EditKind.NAME, title="民生实事", year=2028))

    assert (result.title, result.year) == ("民生实事", 2028)
    assert (draft().title, draft().year) == ("2026年民生实事清单", 2026)
    assert [str(each.task.deadline.date) for each in result.tasks if each.task.deadline] == ["2028-06-30"]
    assert [str(each.task.deadline.date) for each in draft().tasks if each.task.deadline] == ["2026-06-30"]


@pytest.mark.parametrize(("title", "year"), [(" ", 2026), ("甲", 1999), ("甲", 2101), ("甲\n乙", 2026)])
def test_a_title_or_a_year_that_cannot_be_is_refused(title, year):
    with pytest.raises(Invalid):
        draft(edit(EditKind.NAME, title=title, year=year))


def test_a_list_without_title_or_year_waits_for_them():
    source = SourceText("1.建成学校8所。\n主责单位：市教育局\n2.修路。\n主责单位：市水利局\n")
    read = parse(source, directory=DIRECTORY)._replace(title="", issued_on=None)
    named = edit(EditKind.NAME, title="甲", year=2027)
    looked = edit(EditKind.SEEN, findings=[d.key for d in apply(source, read, ()).open_doubts] or ["x-0-0"])

    before = apply(source, read, extend(source, read, (), [looked]))
    after = apply(source, read, extend(source, read, (), [looked, named]))

    assert (before.refusal.code, after.refusal) == ("draft.name_needed", None)


def test_the_same_unread_limit_is_asked_about_once():
    source = table("序号|工作任务|责任单位|时限", "1|修路。|市水利局|适时", "2|架桥。|市水利局|适时")
    read = parse(source, directory=DIRECTORY)

    (doubt,) = [d for d in apply(source, read, ()).doubts if d.finding.code == "deadline_unread"]

    assert (doubt.key, doubt.times, doubt.task) == ("deadline_unread:适时", 2, "t1")
