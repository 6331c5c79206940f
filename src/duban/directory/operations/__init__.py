"""Changing the directory: units and their names, people in posts, accounts and sign-in."""

from duban.directory.operations.accounts import (
    Slip,
    change_password,
    give_accounts,
    open_account,
    reset_password,
    set_language,
)
from duban.directory.operations.loading import Loaded, Seat, appoint, load_directory
from duban.directory.operations.people import take_people
from duban.directory.operations.roster import take_roster
from duban.directory.operations.second_factor import accept_code, second_factor_of
from duban.directory.operations.sign_in import (
    LockRule,
    admit_attempt,
    forgive_attempts,
    record_sign_in,
    record_sign_out,
)
from duban.directory.operations.successions import merge_units, refresh_unit_names, rename_unit

__all__ = [
    "Loaded",
    "LockRule",
    "Seat",
    "Slip",
    "accept_code",
    "admit_attempt",
    "appoint",
    "change_password",
    "forgive_attempts",
    "give_accounts",
    "load_directory",
    "merge_units",
    "open_account",
    "record_sign_in",
    "record_sign_out",
    "refresh_unit_names",
    "rename_unit",
    "reset_password",
    "second_factor_of",
    "set_language",
    "take_people",
    "take_roster",
]
