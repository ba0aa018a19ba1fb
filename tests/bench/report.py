"""Figures, the table that people read, and the JSON that machines read."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """What was measured, beside the least that it could be.

    `floor` is in the unit of `value`. The goal is for `ratio` (value / floor) where there is a floor, for `value`
    where there is none. `better` says which side of the goal is the good one.
    """

    name: str
    value: float
    unit: str
    floor: float | None = None
    goal: float | None = None
    better: Literal["more", "less"] = "more"

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def is_met(self) -> bool | None:
        if self.goal is None:
            return None
        judged = self.value if self.ratio is None else self.ratio
        return judged >= self.goal if self.better == "more" else judged <= self.goal

    def as_json(self) -> dict[str, object]:
        fields = {key: value for key, value in asdict(self).items() if key != "better"}
        order = ("name", "value", "unit", "floor", "ratio", "goal", "met")
        known = fields | {"ratio": self.ratio, "met": self.is_met}
        return {key: round(known[key], 4) if isinstance(known[key], float) else known[key] for key in order}


def as_table(title: str, figures: list[Figure]) -> str:
    """Lines of at most 120 characters: value, unit, floor, ratio, goal, and whether it was met."""
    lines = [f"{title:<68}{'value':>10} {'unit':<8}{'floor':>9}{'ratio':>7}  goal"]
    for figure in figures:
        floor = "" if figure.floor is None else _number(figure.floor)
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        row = f"  {figure.name:<66}{_number(figure.value):>10} {figure.unit:<8}{floor:>9}{ratio:>7}  {_goal(figure)}"
        lines.append(row.rstrip())
    return "\n".join(lines)


def write_json(figures: list[Figure], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([figure.as_json() for figure in figures], indent=2) + "\n")


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    sign = "≥" if figure.better == "more" else "≤"
    return f"{sign} {figure.goal:g} {'met' if figure.is_met else 'MISSED'}"


def _number(value: float) -> str:
    return (
        f"{value:,.0f}"
        if abs(value) >= 100
        else f"{value:.3g}"
        if abs(value) < 1
        else f"{value:.2f}"
        if abs(value) < 10
        else f"{value:.1f}"
    )
