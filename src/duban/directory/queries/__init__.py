"""Reading the directory."""

from duban.directory.queries.names import (
    group_members,
    has_second_factor,
    post_label,
    seats_of,
    unit_directory,
)
from duban.directory.queries.people import PeopleFigures, PersonRow, UnitRow, people_of, people_page
from duban.directory.queries.roster import register_of, roster_of
from duban.directory.queries.successions import (
    Ending,
    Mergers,
    answered_for_ids,
    answering_unit_ids,
    endings_of,
    full_names_on,
    mergers_on,
    successors,
    taken_over,
    unit_full_names,
    unit_names,
)

__all__ = [
    "Ending",
    "Mergers",
    "PeopleFigures",
    "PersonRow",
    "UnitRow",
    "answered_for_ids",
    "answering_unit_ids",
    "endings_of",
    "full_names_on",
    "group_members",
    "has_second_factor",
    "mergers_on",
    "people_of",
    "people_page",
    "post_label",
    "register_of",
    "roster_of",
    "seats_of",
    "successors",
    "taken_over",
    "unit_directory",
    "unit_full_names",
    "unit_names",
]
