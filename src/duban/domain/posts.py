"""Posts: the seats people act from, and what each kind of seat may see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class PostRole(StrEnum):
    """The kinds of seat of product.md; rights hang on these, never on a person."""

    SUPERVISOR = "supervisor"
    OFFICE_DIRECTOR = "office_director"
    DEPUTY_SECRETARY = "deputy_secretary"
    SECRETARY_GENERAL = "secretary_general"
    CITY_LEADER = "city_leader"
    LEADER_SECRETARY = "leader_secretary"
    OFFICE_DIVISION = "office_division"
    LIAISON = "liaison"
    PRINCIPAL = "principal"
    DEPUTY = "deputy"
    HANDLER = "handler"
    APPRAISER = "appraiser"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"


POST_LABELS: Final[dict[PostRole, tuple[str, str]]] = {
    PostRole.SUPERVISOR: ("督查员", "Supervisor"),
    PostRole.OFFICE_DIRECTOR: ("督查室主任", "Director of supervision"),
    PostRole.DEPUTY_SECRETARY: ("分管副秘书长", "Deputy secretary-general"),
    PostRole.SECRETARY_GENERAL: ("秘书长", "Secretary-general"),
    PostRole.CITY_LEADER: ("市领导", "City leader"),
    PostRole.LEADER_SECRETARY: ("市领导秘书", "Leader's secretary"),
    PostRole.OFFICE_DIVISION: ("办公厅对口处室", "Office division"),
    PostRole.LIAISON: ("联络员", "Liaison"),
    PostRole.PRINCIPAL: ("主要负责同志", "Principal"),
    PostRole.DEPUTY: ("分管负责同志", "Deputy in charge"),
    PostRole.HANDLER: ("承办人", "Handler"),
    PostRole.APPRAISER: ("绩效办", "Appraiser"),
    PostRole.SYSTEM_ADMIN: ("系统管理员", "System administrator"),
    PostRole.SECURITY_ADMIN: ("安全管理员", "Security administrator"),
    PostRole.AUDITOR: ("审计管理员", "Audit administrator"),
}

WHOLE_GOVERNMENT: Final = frozenset(
    {
        PostRole.SUPERVISOR,
        PostRole.OFFICE_DIRECTOR,
        PostRole.DEPUTY_SECRETARY,
        PostRole.SECRETARY_GENERAL,
        PostRole.CITY_LEADER,
        PostRole.LEADER_SECRETARY,
        PostRole.OFFICE_DIVISION,
        PostRole.APPRAISER,
    }
)
OFFICE: Final = frozenset({PostRole.SUPERVISOR, PostRole.OFFICE_DIRECTOR})
OWN_UNIT: Final = frozenset({PostRole.LIAISON, PostRole.PRINCIPAL, PostRole.DEPUTY, PostRole.HANDLER})
ADMINISTRATORS: Final = frozenset({PostRole.SYSTEM_ADMIN, PostRole.SECURITY_ADMIN, PostRole.AUDITOR})


@dataclass(frozen=True, slots=True)
class Acting:
    """Who acts, and as whom: one person in one post, perhaps on behalf of another post.

    Numbers are primary keys of the directory. Rights never add up across posts: a scope or policy looks at this one
    alone. `label` is what history prints. A command at the server's own console acts without post or person.
    `predecessors` are the units whose place its own unit took by the day on which it acts.
    """

    label: str
    person: int | None = None
    post: int | None = None
    unit: int | None = None
    government: int | None = None
    role: PostRole | None = None
    on_behalf_of: int | None = None
    console: bool = False
    predecessors: frozenset[int] = frozenset()

    @property
    def sees_whole_government(self) -> bool:
        """Whether business content of the whole government is open to this post."""
        return self.role in WHOLE_GOVERNMENT

    @property
    def sees_own_unit(self) -> bool:
        """Whether this post sees what its own unit owes."""
        return self.role in OWN_UNIT

    @property
    def answers_for(self) -> frozenset[int]:
        """The units that a unit's post speaks for: its own and those whose place it took; of other posts none."""
        return self.predecessors | {self.unit} if self.unit and self.sees_own_unit else frozenset()

    def answers(self, unit: int | None) -> bool:
        """Whether this is a unit's post, and its unit owes what that unit owes."""
        return unit in self.answers_for

    @property
    def runs_office(self) -> bool:
        """Whether this is the supervision office at work: its posts, or a command at the server's own console."""
        return self.role in OFFICE or self.console

    @property
    def administers(self) -> bool:
        """Whether this is one of the three separated administrators, who see no business content."""
        return self.role in ADMINISTRATORS


CONSOLE: Final = Acting(label="命令行", console=True)
