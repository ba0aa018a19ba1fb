"""YAML that remembers its lines, and pydantic's complaints put beside them."""

from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from .complaints import Complaint

Model = TypeVar("Model", bound=BaseModel)
Path = tuple[str | int, ...]

# pydantic's kinds of error that we say in our own words; the others keep pydantic's sentence.
_WORDS = {
    "missing": ("is missing.", "Add it."),
    "extra_forbidden": ("is not a key we know.", "Correct its spelling or take it out."),
    "too_short": ("is empty.", "Give at least one."),
    "string_too_short": ("is empty.", "Fill it in."),
}


class _Loader(yaml.CSafeLoader):  # libyaml: the rules are a megabyte
    """The safe loader, that refuses a key given twice instead of keeping the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


class LinedYaml:
    """A YAML text with its values and the line of each. Raises ContentError's complaints through `read`."""

    def __init__(self, value: Any, node: yaml.Node, path: str, first_line: int, under: Path = ()) -> None:
        self.value, self._node, self._path, self._first_line, self._under = value, node, path, first_line, under

    def line(self, *where: str | int) -> int:
        """The line of the value at this place, or of the nearest thing around it."""
        if where[: len(self._under)] != self._under:
            return self._first_line
        node, mark = self._node, self._node.start_mark
        for part in where[len(self._under) :]:
            found = _inside(node, part)
            if found is None:
                break
            mark, node = found
        return self._first_line + mark.line

    def complaint(self, problem: str, remedy: str, *where: str | int) -> Complaint:
        return Complaint(self._path, self.line(*where), problem, remedy)

    def validate(self, model: type[Model]) -> tuple[Model | None, list[Complaint]]:
        """The value as this pydantic model, or None and what is wrong with it, each with its line."""
        try:
            return model.model_validate(self.value), []
        except ValidationError as error:
            return None, [self._in_words(dict(fault)) for fault in error.errors()]

    def _in_words(self, fault: dict[str, Any]) -> Complaint:
        where: Path = fault["loc"]
        name = ".".join(str(part) for part in where) or "the file"
        if fault["type"] == "literal_error":
            problem, remedy = f"is {fault['input']!r}.", f"Choose one of {fault['ctx']['expected']}."
        else:
            problem, remedy = _WORDS.get(fault["type"], (f"is wrong: {fault['msg']}.", "Mend it."))
        return self.complaint(f"'{name}' {problem}", remedy, *where)


def read(text: str, path: str, first_line: int = 1) -> tuple[LinedYaml | None, list[Complaint]]:
    """Parse a YAML text whose first line is `first_line` of the file `path`."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, [Complaint(path, first_line, "There is nothing here.", "Write the front matter.")]
        return LinedYaml(loader.construct_document(node), node, path, first_line), []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        return None, [Complaint(path, line, f"This is not YAML: {error.problem}.", "Mend this line.")]
    except yaml.YAMLError as error:
        return None, [Complaint(path, first_line, f"This is not YAML: {error}.", "Mend the text.")]
    except ValueError as error:  # a date such as 2026-02-30
        return None, [Complaint(path, first_line, f"A value cannot be read: {error}.", "Mend the value.")]
    finally:
        loader.dispose()


def _inside(node: yaml.Node, part: str | int) -> tuple[yaml.Mark, yaml.Node] | None:
    """Where this key or item of the node begins, and its value."""
    if isinstance(node, yaml.MappingNode):
        return next(((key.start_mark, value) for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark, node.value[part]
    return None


def nested(found: LinedYaml, key: str) -> LinedYaml:
    """A list as the value of `key` in a mapping, so that a pydantic model can hold it; lines follow."""
    return LinedYaml({key: found.value}, found._node, found._path, found._first_line, (key,))
