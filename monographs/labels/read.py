"""US drug labels as openFDA writes them: JSON, one label a line."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Label:
    """What we ask of a label. `sections` holds text by openFDA's section name, such as "boxed_warning"."""

    name: str
    set_id: str
    routes: str
    classes: tuple[str, ...]  # established pharmacologic classes, without their mark "[EPC]"
    is_combination: bool
    is_by_mouth: bool
    sections: dict[str, str]

    @property
    def text(self) -> str:
        return "\n".join(self.sections.values())


def read_labels(file: Path) -> Iterator[Label]:
    """The labels of a gzipped JSON-lines file. Raises ValueError with the line that cannot be read."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    yield _label(json.loads(line))
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise ValueError(f"{file.name}, line {number}: this is no label ({error}).") from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ValueError(f"{file.name} cannot be read: {error}.") from error


def _label(data: dict[str, Any]) -> Label:
    routes = " ".join(_texts(data.get("route"))).upper()
    return Label(
        name=str(data["name"]).lower(),
        set_id=" ".join(_texts(data.get("set_id"))),
        routes=routes,
        classes=tuple(kind.removesuffix(" [EPC]") for kind in _texts(data.get("pharm_class_epc"))),
        is_combination=bool(data.get("combination")),
        is_by_mouth="ORAL" in routes and not data.get("not_oral"),
        sections={key: "\n".join(_texts(value)) for key, value in data["sections"].items()},
    )


def _texts(value: Any) -> list[str]:
    """A field as a list of texts: openFDA gives a list, other files a text or nothing."""
    return [str(one) for one in (value if isinstance(value, list) else [value]) if one]
