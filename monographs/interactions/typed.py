"""From what somebody typed to a report: names resolved first, then the check."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monographs.names import KnownName, Resolved, resolve

from .check import check
from .current import current_rulebook
from .report import Item, Report


@dataclass(frozen=True)
class Understood:
    """Typed names, each with what it was taken for."""

    resolved: tuple[Resolved, ...]

    @property
    def to_ask(self) -> tuple[Resolved, ...]:
        """Names that mean nothing for sure, but resemble something."""
        return tuple(name for name in self.resolved if name.medicine is None and name.choices)

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item_of(name.typed, name.medicine) for name in self.resolved if name.medicine is not None)

    @property
    def not_checked(self) -> tuple[str, ...]:
        return tuple(name.typed for name in self.resolved if name.medicine is None)


def understand(names: Iterable[str]) -> Understood:
    """Each name that is not empty, resolved."""
    return Understood(tuple(resolve(name.strip()) for name in names if name.strip()))


def item_of(typed: str, known: KnownName) -> Item:
    """What the check works on; a local form keeps its route, because it does not act as a tablet does."""
    return Item(typed, known.ingredients, known.local_route)


def report_for(understood: Understood, conditions: Sequence[str] = ()) -> Report:
    return check(understood.items, current_rulebook(), conditions=conditions, not_checked=understood.not_checked)
