"""150,000 made-up names of medicines, the same in every run, and what people type when they look for them."""

import random
from collections.abc import Iterator

SEED = 20_250_101
COUNT = 150_000
MISSPELT_FROM = 5  # letters: a shorter name with a wrong letter may be any name

# Letters that stand in front of a vowel and behind it; single ones, and none at the end, come oftener.
CLUSTERS = [
    "br", "ch", "cl", "cr", "dr", "fl", "fr", "gl", "ph", "pl", "pr", "qu", "sp", "st", "str", "th", "tr", "zy",
]  # fmt: skip
ONSETS = [*"bcdfghjklmnpqrstvxz" * 3, *CLUSTERS]
VOWELS = [
    "a", "a", "a", "e", "e", "e", "i", "i", "i", "o", "o", "o", "u", "u", "y", "ae", "ai", "ia", "io", "eu",
]  # fmt: skip
ENDS = [
    "l", "m", "n", "n", "r", "s", "t", "x", "ct", "lt", "nd", "nt", "rm", "st",
]  # fmt: skip
CODAS = [*([""] * 24), *ENDS]
STEMS = [
    "afil", "amide", "amine", "apine", "ane", "artan", "azepam", "azole", "azosin", "caine", "cillin", "cycline",
    "dipine", "dryl", "fenac", "floxacin", "formin", "gliptin", "gliflozin", "idine", "idone", "ine", "ium", "lol",
    "lukast", "mab", "mycin", "nib", "olol", "one", "oxetine", "parin", "pram", "prazole", "pril", "profen", "sartan",
    "semide", "setron", "statin", "terol", "thiazide", "tide", "triptan", "tyline", "umab", "vir", "zepam", "zine",
    "zole", "zolam",
]  # fmt: skip
SECOND_WORDS = [
    "acetate", "besylate", "calcium", "citrate", "hydrochloride", "maleate", "mesylate", "phosphate", "potassium",
    "sodium", "succinate", "sulfate", "tartrate", "cr", "ds", "er", "ir", "la", "sr", "xl", "xr", "hct", "plus",
    "forte", "junior", "max", "extra", "cold", "flu", "nighttime", "daytime", "relief", "childrens", "infants", "pm",
]  # fmt: skip
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def made_up_names(count: int = COUNT, seed: int = SEED) -> list[str]:
    """Names in lower case, each once: three in four a word of 4 to 16 letters, the others two or three words."""
    source = random.Random(seed)
    words: list[str] = []
    names: dict[str, None] = {}
    while len(names) < count:
        if words and source.random() < 0.25:
            name = " ".join([source.choice(words), *source.sample(SECOND_WORDS, source.choice((1, 1, 1, 2)))])
        else:
            name = _word(source)
            words.append(name)
        if 4 <= len(name) <= 40:
            names[name] = None
    return list(names)


def _word(source: random.Random) -> str:
    has_stem = source.random() < 0.5
    syllables = source.choice((1, 2, 2, 3)) if has_stem else source.choice((2, 3, 3, 4, 4))
    parts = [source.choice(ONSETS) + source.choice(VOWELS) + source.choice(CODAS) for _ in range(syllables)]
    return "".join(parts) + (source.choice(STEMS) if has_stem else "")


def with_one_wrong_letter(name: str, source: random.Random) -> str:
    """The name with a letter replaced, left out or added, or with two neighbours that changed places."""
    while True:
        at = source.randrange(len(name))
        kind = source.choice(("substitution", "deletion", "insertion", "transposition"))
        letter = source.choice(LETTERS)
        if kind == "substitution":
            wrong = name[:at] + letter + name[at + 1 :]
        elif kind == "deletion":
            wrong = name[:at] + name[at + 1 :]
        elif kind == "insertion":
            wrong = name[:at] + letter + name[at:]
        else:
            wrong = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
        if wrong != name and wrong == " ".join(wrong.split()):
            return wrong


def misspelt(names: list[str], count: int, seed: int = SEED) -> Iterator[tuple[str, str]]:
    """Pairs of what was typed, with one wrong letter, and the name that was meant (of 5 letters or more)."""
    source = random.Random(seed + 1)
    long_enough = [name for name in names if len(name) >= MISSPELT_FROM]
    for name in source.sample(long_enough, count):
        yield with_one_wrong_letter(name, source), name


def typed(names: list[str], count: int, seed: int = SEED) -> dict[str, list[str]]:
    """What the search box is asked while people type: {kind: queries}, `count` in all, most of them beginnings."""
    source = random.Random(seed + 2)
    beginnings = [name[: source.randint(2, 8)].strip() for name in source.choices(names, k=count * 6 // 10)]
    whole = source.choices(names, k=count * 2 // 10)
    wrong = [query for query, _ in misspelt(names, count - len(beginnings) - len(whole), seed)]
    return {"beginning": beginnings, "whole name": whole, "one wrong letter": wrong}
