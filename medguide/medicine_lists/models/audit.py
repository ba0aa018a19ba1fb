"""What was done and looked at, for the owner to read. It can only be added to: a trigger refuses anything else."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .person import Person


class Verb(models.TextChoices):
    """What somebody did. Past tense, because it happened."""

    LOOKED = "looked", _("looked at the list")
    PRINTED = "printed", _("opened a page to print")
    EXPORTED = "exported", _("took the list out as a file")
    IMPORTED = "imported", _("brought a file in")
    CREATED = "created", _("started the list")
    CHANGED_PERSON = "changed-person", _("changed what is known about the person")
    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    PAUSED = "paused", _("paused")
    STOPPED = "stopped", _("stopped")
    STARTED = "started", _("started again")
    CONFIRMED = "confirmed", _("confirmed")
    REORDERED = "reordered", _("put the list in another order")
    DELETED = "deleted", _("deleted")
    RESTORED = "restored", _("brought back")
    HID = "hid", _("hid")
    SHOWED = "showed", _("stopped hiding")
    FINDING_KNOWN = "finding-known", _("said that the prescriber knows")
    FINDING_OPEN = "finding-open", _("took back that the prescriber knows")
    INVITED = "invited", _("invited somebody")
    TOOK_BACK = "took-back", _("took back an invitation")
    JOINED = "joined", _("accepted an invitation")
    ROLE_CHANGED = "role-changed", _("changed what somebody may do")
    REVOKED = "revoked", _("ended somebody's access")
    LEFT = "left", _("left the list")
    LINK_MADE = "link-made", _("made a link for a doctor or a hospital")
    LINK_OPENED = "link-opened", _("opened a link")  # by nobody whom we know: without an actor
    LINK_ENDED = "link-ended", _("ended a link")
    DELETED_PERSON = "deleted-person", _("deleted the whole list")
    RESTORED_PERSON = "restored-person", _("brought the whole list back")


class HistoryEvent(models.Model):
    """One thing that one user did.

    The order is that of its own number: a clock may be set back.
    `actor_id` and `about_user_id` are no foreign keys: the event outlives the account, and then names nobody.
    `changes` is [{"field", "before", "after"}], the values as text in the words of the screen.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="history")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    actor_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=20, choices=Verb)
    statement_uid = models.UUIDField(null=True, blank=True, db_index=True)
    statement_name = models.CharField(max_length=120, blank=True)
    statement_version = models.PositiveIntegerField(null=True, blank=True, help_text="after the change")
    about_user_id = models.BigIntegerField(null=True, blank=True)
    invitation_uid = models.UUIDField(null=True, blank=True)
    changes = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["person", "-at"], name="history_of_a_person")]

    def __str__(self) -> str:
        return f"event {self.pk}"
