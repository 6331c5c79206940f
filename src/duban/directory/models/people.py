"""Accounts, people, posts and appointments: a post is a seat that owns duties, an appointment fills it."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from duban.directory.models.units import Unit, dates_in_order
from duban.domain.posts import PostRole
from duban.shared.choices import choices
from duban.shared.constraints import one_of


class Person(models.Model):
    """Somebody who fills posts. Telephone and division belong to the seat's work, not to private life."""

    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=40, blank=True)
    division = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """An account: one person's way in. It carries no rights; posts do. There is no superuser."""

    username = models.CharField(max_length=60, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="account")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="zh-hans")

    objects = BaseUserManager["User"]()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [one_of("language", ["zh-hans", "en"], name="user_language_known")]

    def __str__(self) -> str:
        return self.username

    @property
    def person_name(self) -> str:
        """The person's name, for the check of a password against it."""
        return self.person.name


class Post(models.Model):
    """A seat in a unit (岗位); it may be vacant. Duties and rights hang on it and survive whoever fills it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=choices(PostRole))
    title = models.CharField(max_length=60)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)

    class Meta:
        constraints = [
            dates_in_order("post_dates_in_order"),
            one_of("role", [role.value for role in PostRole], name="post_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.title}"


class Appointment(models.Model):
    """A person in a post from one day to another."""

    SUBSTANTIVE, ACTING, DELEGATED = "substantive", "acting", "delegated"

    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    kind = models.CharField(
        max_length=12, default=SUBSTANTIVE, choices=[(k, k) for k in (SUBSTANTIVE, ACTING, DELEGATED)]
    )
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)

    class Meta:
        constraints = [
            dates_in_order("appointment_dates_in_order"),
            models.UniqueConstraint(
                fields=["post", "person"], condition=Q(to_on__isnull=True), name="one_current_appointment"
            ),
            one_of("kind", ["substantive", "acting", "delegated"], name="appointment_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person} as {self.post}"
