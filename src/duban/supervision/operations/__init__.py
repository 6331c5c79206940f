"""Judging, determining, urging and ordering."""

from duban.supervision.operations.judging import Patrolled, Ruling, determine, note_contact, patrol
from duban.supervision.operations.orders import OrderDraft, draft_order, move_order, revise_order

__all__ = [
    "OrderDraft",
    "Patrolled",
    "Ruling",
    "determine",
    "draft_order",
    "move_order",
    "note_contact",
    "patrol",
    "revise_order",
]
