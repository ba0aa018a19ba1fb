"""Cells of a table that a spreadsheet will open: text stays text there, and none of it runs as a formula."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 (the wide ones of spreadsheets)
_MARK = "'"


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may take the cell for something to work out."""
    return cell.startswith(_STARTS_A_FORMULA)


def safe_cell(text: str) -> str:
    """The text, with an apostrophe in front where a spreadsheet would take it for a formula, or for our apostrophe."""
    return _MARK + text if text.startswith((*_STARTS_A_FORMULA, _MARK)) else text


def plain_cell(cell: str) -> str:
    """What safe_cell was given."""
    return cell[1:] if cell.startswith(_MARK) and cell[1:].startswith((*_STARTS_A_FORMULA, _MARK)) else cell
