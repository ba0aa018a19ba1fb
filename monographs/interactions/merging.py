"""What several rules say of one pair, each thing once. No fact, no sign and no distinct thing to do is left out."""

import re
from collections.abc import Iterable, Sequence

# To ask first, and nothing more: whoever does it for one rule has done it for the others. It may have more behind it
# that does not narrow it down; a sentence with "if" or "unless" is about some readers only.
_ASK_FIRST = (
    r"(Talk to|Ask) (a|your) (pharmacist|doctor)( or (pharmacist|doctor))? before "
    r"(your next dose of (both )?\{[ab]\}( (and|or) \{[ab]\})?"
    r"|you (take|use|eat|drink|eat or drink)( any| both)? \{[ab]\} "
    r"(and|with|while you (take|use)) \{[ab]\}( together)?)"
)
_ASKS_FIRST = re.compile(_ASK_FIRST + r"\.")
_ASKS_FIRST_AND_MORE = re.compile(_ASK_FIRST + r"([.;:]|, (and|also|even|above all|most of all) )")
_SENTENCE_ENDS = re.compile(r"(?<=[.?!])(?<!\bSt\.)(?<!\bDr\.) +")
_FILLERS = frozenset("a an the and it this that these too".split())
_SAME_WORDS = {"faster": "fast"}  # "clears it faster", "clears it too fast"


def sentences(text: str) -> list[str]:
    """A text of a rule, {a} and {b} still in it, as its sentences: a name may hold a full stop of its own."""
    return [sentence for sentence in _SENTENCE_ENDS.split(text.strip()) if sentence]


def do_once(rules: Iterable[Sequence[tuple[str, str]]]) -> list[str]:
    """The sentences that say what to do, the gravest rule's first.

    Each rule gives its sentences, every one as it is written, with {a} and {b}, and as it is read, with the names.
    """
    kept: list[str] = []
    asked = False
    for rule in rules:
        for written, read in rule:
            is_said = _words(read) in [_words(sentence) for sentence in kept]
            if not is_said and not (asked and _ASKS_FIRST.fullmatch(written)):
                kept.append(read)
            asked = asked or bool(_ASKS_FIRST_AND_MORE.match(written))
    return kept


def paragraphs_once(rules: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """A paragraph for each rule, without the sentences whose words stand, in their order, in what was said before."""
    kept: list[str] = []
    for rule in rules:
        paragraph: list[str] = []
        for sentence in rule:
            if not _is_said(sentence, [*kept, *paragraph]):
                paragraph.append(sentence)
        if paragraph:
            kept.append(" ".join(paragraph))
    return tuple(kept)


def signs_once(signs: Iterable[str], more_urgent: Sequence[str] = ()) -> tuple[str, ...]:
    """Signs to watch for, without those that another one says too, or says for more cases.

    "High fever" says all that "A high fever with stiff muscles" says. What is `more_urgent` is not said again.
    """
    kept: list[str] = []
    for sign in signs:
        if any(_covers(other, sign) for other in (*more_urgent, *kept)):
            continue
        kept = [other for other in kept if not _covers(sign, other)] + [sign]
    return tuple(kept)


def _covers(one: str, other: str) -> bool:
    """Whether the first says the second: the same words, or fewer where neither holds several signs."""
    words, more = set(_words(one)), set(_words(other))
    if words == more:
        return True
    return words < more and not any(mark in sign for sign in (one, other) for mark in (" or ", ",", "("))


def _is_said(sentence: str, texts: Iterable[str]) -> bool:
    """Whether one of the texts holds the words of this sentence in their order."""
    words = _words(sentence)
    for text in texts:
        rest = iter(_words(text))
        if all(word in rest for word in words):
            return True
    return False


def _words(text: str) -> list[str]:
    words = re.findall(r"[\w'-]+", text.casefold())
    return [_SAME_WORDS.get(word, word) for word in words if word not in _FILLERS]
