"""The private wing's tables: people, what they take, who may see it, what was done."""

from .audit import HistoryEvent, Verb
from .medication_statement import KnownFinding, MedicationStatement, Status
from .person import Allergy, Contact, Person
from .sharing import Hidden, Invitation, Membership, Part, Role, ShareLink

__all__ = [
    "Allergy",
    "Contact",
    "Hidden",
    "HistoryEvent",
    "Invitation",
    "KnownFinding",
    "MedicationStatement",
    "Membership",
    "Part",
    "Person",
    "Role",
    "ShareLink",
    "Status",
    "Verb",
]
