"""What the linter says: where, what is wrong, and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Complaint:
    """One fault of one content file. `path` is relative to the content folder's parent; lines count from 1."""

    path: str
    line: int
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem} {self.remedy}"


class ContentError(Exception):
    """Content that cannot be loaded. Holds every complaint."""

    def __init__(self, complaints: list[Complaint]) -> None:
        self.complaints = sorted(complaints)
        super().__init__("\n".join(map(str, self.complaints)))
