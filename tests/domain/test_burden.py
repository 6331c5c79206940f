from __future__ import annotations

from duban.domain.burden import Asked, node_cells, report_cells
from duban.domain.natures import Nature


def test_a_standing_duty_owes_one_paragraph_a_floor_one_confirmation_all_others_four_cells():
    short = {Nature.STANDING: 1, Nature.FLOOR: 1}

    assert {nature: report_cells(nature) for nature in Nature} == {n: short.get(n, 4) for n in Nature}


def test_the_plan_asks_nodes_only_where_the_type_has_them():
    nodes = {nature: node_cells(nature) for nature in Nature}

    assert (nodes[Nature.STANDING], nodes[Nature.FLOOR], nodes[Nature.EVENT]) == (0, 0, 1)
    assert nodes[Nature.QUANTIFIED] == nodes[Nature.PROJECT] == 3


def test_all_cells_of_a_quarter_are_summed():
    assert Asked(reports=1, plan=20, standards=300, signatures=4000).cells == 4321
