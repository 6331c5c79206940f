from __future__ import annotations

from collections import Counter

from duban.domain.burden import Asked, node_cells, report_cells
from duban.domain.natures import Nature


def test_a_standing_duty_owes_one_paragraph_and_only_types_with_a_number_a_value():
    cells = {nature: report_cells(nature) for nature in Nature}

    assert {nature for nature, count in cells.items() if count == 1} == {Nature.STANDING, Nature.FLOOR}
    assert {nature for nature, count in cells.items() if count == 3} == {
        Nature.PROJECT, Nature.RULE, Nature.EVENT, Nature.UPWARD,
    }  # fmt: skip
    assert Counter(cells.values())[4] == 5
    assert report_cells(Nature.PROJECT, valued=True) == 4


def test_the_plan_asks_nodes_only_where_the_type_has_them():
    nodes = {nature: node_cells(nature) for nature in Nature}

    assert (nodes[Nature.STANDING], nodes[Nature.FLOOR], nodes[Nature.EVENT]) == (0, 0, 1)
    assert nodes[Nature.QUANTIFIED] == nodes[Nature.PROJECT] == 3


def test_all_cells_of_a_quarter_are_summed():
    assert Asked(reports=1, plan=20, standards=300, signatures=4000).cells == 4321
