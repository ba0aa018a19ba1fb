"""Who may do what with whose list: the only place that knows roles.

A view reaches private rows through an Access, and an Access only through its user, so that the rows of others do
not exist for it.
"""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, F, TextField, Value, When

from .models import Hidden, HistoryEvent, MedicationStatement, Membership, Person, Role, ShareLink

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from medguide.accounts.models import User

    from .models.medication_statement import MedicationStatementQuerySet
    from .models.person import PersonQuerySet

UNDO_FOR = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Access:
    """One user's access to one person's list."""

    user: "User"
    person: Person
    role: Role

    @property
    def can_change(self) -> bool:
        return self.role.rank >= Role.EDITOR.rank

    @property
    def can_manage(self) -> bool:
        """Invite, revoke, hide, hand over, delete, read the history."""
        return self.role is Role.OWNER

    def may(self, role: Role) -> bool:
        return self.role.rank >= role.rank

    @property
    def statements(self) -> "MedicationStatementQuerySet":
        """What this user may know of: nothing that is hidden from them, deleted ones too.

        A note is read as `shown_note`, which is empty where it is hidden.
        """
        found: MedicationStatementQuerySet = self.person.statements.all()
        if self.can_manage:
            return found.annotate(shown_note=F("note"))
        hidden = When(pk__in=self._hidden[Hidden.What.NOTE], then=Value("", output_field=TextField()))
        found = found.exclude(pk__in=self._hidden[Hidden.What.MEDICINE])
        return found.annotate(shown_note=Case(hidden, default=F("note"))).defer("note")

    def hides_note(self, statement: MedicationStatement) -> bool:
        return not self.can_manage and statement.pk in self._hidden[Hidden.What.NOTE]

    @cached_property
    def _hidden(self) -> dict[str, list[int]]:
        """The keys of the statements of which something is hidden from this user, by what."""
        found: dict[str, list[int]] = {what: [] for what in Hidden.What.values}
        hidden = Hidden.objects.filter(user=self.user, statement__person=self.person)
        for what, key in hidden.values_list("what", "statement_id"):
            found[what].append(key)
        return found

    def statement(self, uid: UUID) -> MedicationStatement:
        """Raises MedicationStatement.DoesNotExist for what is not there, not theirs, deleted or hidden."""
        return self.statements.kept().select_related("medicine").get(uid=uid)

    @property
    def history(self) -> "QuerySet[HistoryEvent]":
        """For owners alone."""
        return self.person.history.all() if self.can_manage else self.person.history.none()


def people_of(user: "User") -> "PersonQuerySet":
    """Everybody whose list this user may see."""
    found: PersonQuerySet = user.people.kept().by_name()
    return found


def access_to(user: "User", uid: UUID) -> Access:
    """Raises Person.DoesNotExist where the user has no place at this list."""
    try:
        membership = Membership.objects.select_related("person").get(
            user=user, person__uid=uid, person__deleted_at__isnull=True
        )
    except Membership.DoesNotExist as error:
        raise Person.DoesNotExist from error
    return Access(user, membership.person, Role(membership.role))


def access_by_link(link: ShareLink) -> Access:
    """What a link that works leads to: what its maker sees, who owns the list. See shared_list on what it shows."""
    return Access(link.made_by, link.person, Role.OWNER)


def deleted_people_of(user: "User", now: datetime.datetime) -> "PersonQuerySet":
    """Lists that this user owned and deleted, and can bring back."""
    found: PersonQuerySet = user.people.filter(memberships__role=Role.OWNER, deleted_at__gt=now - UNDO_FOR)
    return found
