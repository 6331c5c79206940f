"""The register: a task is an identity, its text is a version; printed units are facts, responsibilities follow."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from duban.directory.models import Unit, UnitGroup
from duban.documents.models import SourceDocument
from duban.domain.posts import Acting
from duban.domain.tasklist.records import ColumnKind, Comparator, Role, TargetKind
from duban.shared.choices import choices
from duban.shared.constraints import exactly_one, one_of


def task_seen(acting: Acting, path: str = "task") -> Exists:
    """The scope of rows that hang on a task: a row is seen where the task at `path` is."""
    return Exists(Task.objects.visible_to(acting).filter(pk=OuterRef(path)))


class TaskListQuerySet(models.QuerySet["TaskList"]):
    """Readings of the lists."""

    def visible_to(self, acting: Acting) -> TaskListQuerySet:
        """Office posts: every list of their government. Unit posts: lists in which a unit they answer for owes something."""
        if acting.sees_whole_government:
            return self.filter(government_id=acting.government)
        if acting.answers_for:
            duties = Responsibility.objects.filter(task__list=OuterRef("pk"), unit_id__in=acting.answers_for)
            return self.filter(Exists(duties), government_id=acting.government)
        return self.none()


class TaskList(models.Model):
    """A published key-task list. `key` stands in its address."""

    government = models.ForeignKey(Unit, models.PROTECT, related_name="task_lists")
    key = models.SlugField(max_length=60, unique=True)
    year = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    document_number = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=80, blank=True)
    issued_on = models.DateField(null=True)
    published_at = models.DateTimeField()

    objects = TaskListQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["government", "document_number"],
                condition=~Q(document_number=""),
                name="list_number_once_per_government",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """One text of a list; an amendment is a further edition."""

    list = models.ForeignKey(TaskList, models.PROTECT, related_name="editions")
    ordinal = models.PositiveSmallIntegerField()
    document = models.ForeignKey(SourceDocument, models.PROTECT, related_name="editions")
    published_at = models.DateTimeField()
    seq = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "ordinal"], name="edition_ordinal_once"),
            models.UniqueConstraint(fields=["list", "document"], name="edition_once_per_document"),
        ]

    def __str__(self) -> str:
        return f"{self.list} / {self.ordinal}"


class Heading(models.Model):
    """A chapter or section of an edition, as printed."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="headings")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    ordinal = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "ordinal"], name="heading_ordinal_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="heading_span_in_order"),
        ]

    def __str__(self) -> str:
        return self.text


class TaskQuerySet(models.QuerySet["Task"]):
    """Readings of the tasks."""

    def visible_to(self, acting: Acting) -> TaskQuerySet:
        """Office posts: every task of their government. Unit posts: the tasks to which a unit they answer for owes something."""
        if acting.sees_whole_government:
            return self.filter(list__government_id=acting.government)
        if acting.answers_for:
            mine = Responsibility.objects.filter(task=OuterRef("pk"), unit_id__in=acting.answers_for)
            return self.filter(Exists(mine), list__government_id=acting.government)
        return self.none()


class Task(models.Model):
    """One commitment of a list, whatever its wording becomes. `current` is the projection of its newest version."""

    list = models.ForeignKey(TaskList, models.PROTECT, related_name="tasks")
    key = models.SlugField(max_length=20)
    ordinal = models.PositiveIntegerField()
    current = models.OneToOneField("TaskVersion", models.PROTECT, null=True, related_name="+")

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["list", "key"], name="task_key_once_per_list"),
            models.UniqueConstraint(fields=["list", "ordinal"], name="task_ordinal_once_per_list"),
        ]

    def __str__(self) -> str:
        return f"{self.list.key}/{self.key}"


class TaskVersion(models.Model):
    """The text of a task in one edition, with its place in the source (code points).

    A version never changes, so the numbers of its sub-items and targets are counted once, at publication.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="versions")
    task = models.ForeignKey(Task, models.PROTECT, related_name="versions")
    heading = models.ForeignKey(Heading, models.PROTECT, null=True, related_name="versions")
    number = models.CharField(max_length=20)
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text_start = models.PositiveIntegerField()
    text_end = models.PositiveIntegerField()
    deadline = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True)
    clause_count = models.PositiveSmallIntegerField()
    target_count = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["edition", "task"], name="version_once_per_edition"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="version_span_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text[:20]}"


class Clause(models.Model):
    """A sub-item (任务分项): one commitment inside a task's text."""

    version = models.ForeignKey(TaskVersion, models.CASCADE, related_name="clauses")
    ordinal = models.PositiveSmallIntegerField()
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["version", "ordinal"], name="clause_ordinal_once")]

    def __str__(self) -> str:
        return self.text


class Target(models.Model):
    """A number the list binds somebody to. `value` is as printed (5.5 with 万亩); the phrase keeps the print."""

    version = models.ForeignKey(TaskVersion, models.CASCADE, related_name="targets")
    clause = models.ForeignKey(Clause, models.CASCADE, null=True, related_name="targets")
    ordinal = models.PositiveSmallIntegerField()
    text = models.TextField()
    indicator = models.CharField(max_length=200)
    comparator = models.CharField(max_length=8, choices=choices(Comparator))
    value = models.DecimalField(max_digits=24, decimal_places=6)
    value_max = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    measure_unit = models.CharField(max_length=30, blank=True)
    period = models.CharField(max_length=20, blank=True)
    part_of = models.CharField(max_length=200, blank=True)
    modifiers = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=10, choices=choices(TargetKind))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["version", "ordinal"], name="target_ordinal_once"),
            one_of("comparator", [c.value for c in Comparator], name="target_comparator_known"),
            one_of("kind", [k.value for k in TargetKind], name="target_kind_known"),
        ]

    def __str__(self) -> str:
        return self.text


class PrintedUnit(models.Model):
    """One printed occurrence of a unit name: immutable, resolved to a unit or to a collective."""

    append_only = True

    version = models.ForeignKey(TaskVersion, models.PROTECT, related_name="printed_units")
    ordinal = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    expanded = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=10, choices=choices(Role))
    label = models.CharField(max_length=40)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="printed")
    group = models.ForeignKey(UnitGroup, models.PROTECT, null=True, related_name="printed")

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["version", "ordinal"], name="printed_unit_ordinal_once"),
            exactly_one("unit", "group", name="printed_unit_is_unit_or_group"),
            one_of("role", [role.value for role in Role], name="printed_unit_role_known"),
        ]

    def __str__(self) -> str:
        return self.name


class PrintedField(models.Model):
    """A cell of the office's own table, or a printed leader, that belongs to a task."""

    version = models.ForeignKey(TaskVersion, models.CASCADE, related_name="fields")
    ordinal = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=choices(ColumnKind))
    text = models.TextField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [models.UniqueConstraint(fields=["version", "ordinal"], name="field_ordinal_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


class Responsibility(models.Model):
    """What one unit owes to one task, derived from the printed units by one pure rule (domain.responsibilities)."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="responsibilities")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="responsibilities")
    role = models.CharField(max_length=10, choices=choices(Role))
    ordinal = models.PositiveSmallIntegerField()
    origins = models.JSONField(default=list)
    seq = models.BigIntegerField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["task", "unit"], name="responsibility_once"),
            one_of("role", [role.value for role in Role], name="responsibility_role_known"),
        ]
        indexes = [models.Index(fields=["unit", "task"], name="responsibility_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit} {self.role} {self.task}"
