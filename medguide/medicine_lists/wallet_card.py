"""The wallet card: at most eight panels of 85.6 x 54 mm, filled so that nothing falls over an edge. Pure."""

import datetime
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .amounts import amount_in_words
from .rows import Row
from .schedules import Dose, Kind, Slot

MOST_PANELS = 8
NO_BREAK = "\N{NO-BREAK SPACE}"
_SLOTS = {
    Slot.MORNING: gettext_lazy("morning"),
    Slot.NOON: gettext_lazy("noon"),
    Slot.EVENING: gettext_lazy("evening"),
    Slot.BEDTIME: gettext_lazy("bedtime"),
}


@dataclass(frozen=True)
class Size:
    """A size of print: its name in the stylesheet, and how much of it a panel holds, counted on the safe side."""

    name: str
    letters: int  # on a line
    lines: int  # on a panel, below its title


# 85.6 mm less two margins of 3 mm are 225 points, 54 mm less those are 136; a letter is about half as wide as high.
LARGE = Size("large", 39, 10)  # 10 points
NORMAL = Size("normal", 46, 12)  # 8.5 points
SMALL = Size("small", 58, 15)  # 7 points
SIZES = (LARGE, NORMAL, SMALL)


@dataclass(frozen=True)
class Line:
    """One entry of a panel: what stands in bold, and what follows it."""

    strong: str
    text: str = ""

    def lines_in(self, size: Size) -> int:
        return math.ceil((len(self.strong) * 1.1 + len(self.text) + 2) / size.letters)


@dataclass(frozen=True)
class Panel:
    """One side of the folded card."""

    title: str
    lines: tuple[Line, ...]
    size: Size | None = None


@dataclass(frozen=True)
class Card:
    """`left_out` counts the medicines for which there is no room; the last panel says so."""

    panels: tuple[Panel, ...]
    left_out: int = 0

    @property
    def columns(self) -> tuple[tuple[Panel, ...], tuple[Panel, ...]]:
        """The front and the back of the strip that is folded, of the same length."""
        half = math.ceil(len(self.panels) / 2)
        front, back = self.panels[:half], self.panels[half:]
        return front, back + (Panel("", ()),) * (half - len(back))


def wallet_card(name: str, about: Sequence[Line], medicines: Sequence[Line]) -> Card:
    """In the largest print in which all of it fits. `about` stands first, on the outside."""
    abouts = [_panels(name, about, size) for size in SIZES]
    outside = next((panels for panels in abouts if len(panels) == 1), abouts[-1])
    title = _("%(name)s's medicines") % {"name": name}
    for size in SIZES:
        inside = _panels(title, medicines, size)
        if len(outside) + len(inside) <= MOST_PANELS:
            return Card(outside + inside)
    fit = len(medicines)
    while fit and len(outside) + len(inside) > MOST_PANELS:
        fit -= 1
        inside = _panels(title, [*medicines[:fit], _and_more(len(medicines) - fit)], SMALL)
    return Card(outside + inside, len(medicines) - fit)


def _and_more(count: int) -> Line:
    said = ngettext(
        "And %(n)d medicine that is not on this card.",
        "And %(n)d medicines that are not on this card.",
        count,
    )
    return Line(said % {"n": count}, _("Ask for the whole list."))


def _panels(title: str, lines: Iterable[Line], size: Size) -> tuple[Panel, ...]:
    panels: list[list[Line]] = []
    room = 0
    for line in lines:
        needed = line.lines_in(size)
        if needed > room:
            panels.append([])
            room = size.lines
        panels[-1].append(line)
        room -= needed
    return tuple(Panel(title, tuple(panel), size) for panel in panels)


def medicine_line(row: Row) -> Line:
    strength = row.statement.strength  # kept on one line with its unit
    title = row.title.replace(strength, strength.replace(" ", NO_BREAK)) if strength else row.title
    really = row.statement.really_taken
    said = [short_when(row), _("really taken: %(how)s") % {"how": really} if really else ""]
    return Line(title, "; ".join(filter(None, said)))


def short_when(row: Row) -> str:
    """As in "1 tablet morning, 2 tablets bedtime"; where that would leave something out, all the words."""
    schedule = row.schedule
    if schedule.kind is not Kind.DAILY or schedule.starts_on or schedule.ends_on:
        return row.when or ", ".join(filter(None, [row.how_much, _("when: not said")]))
    return ", ".join(_dose(row, dose) for dose in schedule.doses_on(datetime.date.min))  # every day is the same


def _dose(row: Row, dose: Dose) -> str:
    when = str(_SLOTS[dose.slot]) if dose.slot else _("at %(time)s") % {"time": time_format(dose.time or "")}
    amount = row.statement.amount if dose.amount is None else dose.amount
    return when if amount is None else f"{amount_in_words(amount, row.statement.amount_unit)} {when}"
