"""What a person typed, folded so that two spellings of one name are one."""

import re
import unicodedata

_NOT_WORDS = re.compile(r"[\W_]+")


def fold(name: str) -> str:
    """Lower case, without accents and punctuation, single spaces: "St. John's-Wort" -> "st johns wort"."""
    decomposed = unicodedata.normalize("NFKD", name.replace("'", "").replace("\u2019", "")).casefold()
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _NOT_WORDS.sub(" ", letters).strip()
