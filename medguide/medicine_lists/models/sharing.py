"""Who may see a person's list, who may change it, and what is hidden from whom."""

import datetime
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .person import Person


class Role(models.TextChoices):
    """What a member may do; each may do what those before it may."""

    VIEWER = "viewer", _("can look")
    EDITOR = "editor", _("can look and change")
    OWNER = "owner", _("can do everything, sharing too")

    @property
    def rank(self) -> int:
        return list(Role).index(self)


class Membership(models.Model):
    """One user's place at one person's list. Revoking deletes the row."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "user"], name="one_place_a_user_and_person"),
            models.CheckConstraint(condition=models.Q(role__in=["viewer", "editor", "owner"]), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return f"membership {self.pk}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def unanswered(self) -> "InvitationQuerySet":
        """Those that only time ends, or has ended: a clock that is set back opens them again."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)

    def open(self, now: datetime.datetime) -> "InvitationQuerySet":
        """Those that can still be accepted."""
        return self.unanswered().filter(expires_at__gt=now)


class Invitation(models.Model):
    """A letter to one e-mail address: works once, for that address only, for a week. The token is kept hashed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(max_length=10, choices=Role)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations_sent")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = InvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(role__in=["viewer", "editor", "owner"]), name="invited_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Hidden(models.Model):
    """Something of one medicine that the owner hides from one user: all of it, or its note."""

    class What(models.TextChoices):
        MEDICINE = "medicine", _("the whole medicine")
        NOTE = "note", _("only its note")

    statement = models.ForeignKey(
        "medicine_lists.MedicationStatement", on_delete=models.CASCADE, related_name="hidden_from"
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=10, choices=What)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["statement", "user"], name="hidden_once"),
            models.CheckConstraint(condition=models.Q(what__in=["medicine", "note"]), name="hidden_what_is_known"),
        ]

    def __str__(self) -> str:
        return f"hidden {self.pk}"
