"""Who may see a person's list, who may change it, what is hidden from whom, and links for those without an account."""

import datetime
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
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


class Part(models.TextChoices):
    """What the maker of a link chooses to show. Names, strengths and how they are taken are always seen."""

    WHAT_FOR = "what-for", _("what each medicine is for")
    ALLERGIES = "allergies", _("allergies, conditions and weight")
    CHECK = "check", _("serious findings of MedGuide's check, and what it could not check")
    STOPPED = "stopped", _("paused and stopped medicines, and why")
    NOTES = "notes", _("notes on medicines")
    EMERGENCY = "emergency", _("whom to call in an emergency")
    CONTACTS = "contacts", _("doctors and pharmacies, and who prescribed what")


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def unended(self) -> "ShareLinkQuerySet":
        """Those that only time ends, or has ended."""
        return self.filter(ended_at__isnull=True)

    def working(self, now: datetime.datetime) -> "ShareLinkQuerySet":
        """Those that open the list: in time, of a list that is there, by somebody who still owns it."""
        return self.unended().filter(
            expires_at__gt=now,
            person__deleted_at__isnull=True,
            person__memberships__user=models.F("made_by"),
            person__memberships__role=Role.OWNER,
        )


class ShareLink(models.Model):
    """An address at which a doctor or a hospital reads the list, without an account. Its token is kept hashed.

    `shows` holds keys of Part; `left_out` the medicines that are absent. What is added to the list later is seen.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="share_links")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="share_links_made")
    label = models.CharField(_("who it is for"), max_length=80, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    shows = models.JSONField(default=list, blank=True)
    left_out = models.ManyToManyField("medicine_lists.MedicationStatement", related_name="+", blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    opened = models.PositiveIntegerField(default=0, help_text="how often, by whomever")
    last_opened_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="link_begins_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"share link {self.pk}"
