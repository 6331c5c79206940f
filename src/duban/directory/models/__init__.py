"""Units, and the people who fill posts in them."""

from duban.directory.models.people import Appointment, Person, Post, User
from duban.directory.models.sign_in import SecondFactor, SignInAttempts
from duban.directory.models.successions import UnitSuccession
from duban.directory.models.units import (
    GroupMembership,
    Unit,
    UnitAlias,
    UnitGroup,
    UnitName,
    UnitParent,
)

__all__ = [
    "Appointment",
    "GroupMembership",
    "Person",
    "Post",
    "SecondFactor",
    "SignInAttempts",
    "Unit",
    "UnitAlias",
    "UnitGroup",
    "UnitName",
    "UnitParent",
    "UnitSuccession",
    "User",
]
