"""Rules about words and numbers: each a pattern, what is wrong with it, and what to write in its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from . import grades
from .complaints import Complaint
from .reading import INLINE_MARK, Passage

LONGEST_SENTENCE = 25


@dataclass(frozen=True)
class TextRule:
    pattern: re.Pattern[str]
    problem: str  # {found} is what was matched
    remedy: str


def _rule(pattern: str, problem: str, remedy: str, flags: int = re.IGNORECASE) -> TextRule:
    return TextRule(re.compile(pattern, flags), problem, remedy)


_UNIT = r"(?:mg|mcg|g|kg|mL|L|units?|lb|mm)"

# ISMP's list of error-prone abbreviations and dose designations is the source of the number and unit rules.
RULES = [
    _rule(r"(?<![\d.])\.\d", "'{found}' has no zero before the point.", "Write 0.5, not .5."),
    _rule(r"\b\d+\.\d*0(?!\d|%)(?=\s*(?:mg|mcg|g|mL|units?)\b)", "'{found}' ends in a zero.", "Write 5 mg, not 5.0 mg."),
    _rule(rf"\b\d{{4,}}(?=\s*{_UNIT}\b)", "'{found}' has no comma.", "Write 1,000 mg."),
    _rule(rf"\b\d[\d.,]*{_UNIT}\b", "'{found}' has no space before the unit.", "Write 5 mg.", 0),
    _rule(r"\b\d[\d.,]*\s*(?:ml|ML|cc|µg|μg|ug|IU|U|MG|Mg|gm|gms|grams?|milligrams?|milliliters?)\b",
          "'{found}' uses a unit that is misread.", "Write mg, mcg, g, mL or units.", 0),
    _rule(r"\b(?:teaspoon|tablespoon|tsp|tbsp)s?(?:ful)?\b", "'{found}' measures by the spoon.", "Give mL, with the syringe or cup."),
    _rule(r"(?<![\d-])\d[\d.,]*\s*[-\u2013\u2014]\s*\d[\d.,]*\b(?!-)", "'{found}' is a range with a dash.", "Write 5 to 15."),
    _rule(r"\b(?:q\.?d|b\.?i\.?d|t\.?i\.?d|q\.?i\.?d|q\.?o\.?d|p\.?r\.?n|q\d+h|q\.?h\.?s|h\.?s|p\.?o|a\.?c|p\.?c)\b\.?",
          "'{found}' is a Latin short form.", "Write it out: twice a day, when needed.", 0),
    _rule(r"\b(?:QD|BID|TID|QID|QOD|PRN|QHS|PO|Q\d+H)\b", "'{found}' is a Latin short form.", "Write it out: twice a day, when needed.", 0),
    _rule(r"\b(?:HCTZ|APAP|ASA|MTX|MSO4|MgSO4|HCT|PCA|AZT|CPZ|TAC|ZnSO4|MAOIs?|ACEi|ARBs?|CNS)\b",
          "'{found}' is a short form.", "Write the name out, in words people know.", 0),
    _rule(r"\b(?:e\.g|i\.e|etc|vs)\b\.?", "'{found}' is a short form.", "Write it out."),
    _rule(r"\s&\s", "There is an '&' here.", "Write 'and'."),
    _rule(r"\b(?:drugs?|medications?|medicaments?)\b(?!\s+facts)", "'{found}' is not our word.", "Write 'medicine'."),
    _rule(r"\b(?:adverse (?:effects?|events?|reactions?)|side[- ]effect profile)\b", "'{found}' is not our word.", "Write 'side effects'."),
    _rule(r"\b(?:experienc\w+|suffer\w*|develop\w*)\s+(?:\w+\s+){0,2}side effects?\b",
          "'{found}': side effects are something that people get.", "Write 'get side effects'."),
    _rule(r"\b(?:(?:is|are|be|quite|very|completely|perfectly)\s+safe|safe\s+(?:to|for|with|in|when|and)|safely|no side effects?|"
          r"guarantee\w*|harmless|risk[- ]free|100% (?:safe|effective))\b",
          "'{found}' is a claim of safety.", "Say what is known, or what to ask."),
    _rule(r"\bcontra-?indicat\w*", "'{found}' is not our word.", "Write 'does not mix with' or 'do not take it if'."),
    _rule(r"\b(?:un)?common(?:ly)?\b|\brare(?:ly)?\b|\b(?:in)?frequent(?:ly)?\b|\bseldom\b",
          "'{found}' tells nobody how often.", "Give 'up to 1 in 100 people', or 'we do not know how often'."),
    _rule(r"\b(?:healthcare (?:provider|professional)|physician|clinician)s?\b", "'{found}' is not our word.", "Write 'doctor', 'nurse' or 'pharmacist'."),
    _rule(r"\b(?:911|988)\b|\b1?[-\s(]*800[-)\s]*222[-\s]*1222\b|\b1?-?8(?:00|33|44|55|66|77|88)-\d{3}-[\dA-Z]{4}\b",
          "'{found}' is an emergency or help number typed by hand.", "Use {911}, {poison-help}, {988} or a shared block.", 0),
]  # fmt: skip

_STOP = re.compile(r"(?:^|[.:;!?]\s+|,\s*)(?:then\s+|so\s+)?stop\s+(?:taking|using|the|this|it|your)\b", re.IGNORECASE)
_CHANGE = re.compile(
    r"(?:^|[.:;!?]\s+)(?:you (?:can|may) )?(?:lower|raise|increase|reduce|cut|double|halve|change|skip)\s+(?:your|the)\s+dose\b",
    re.IGNORECASE,
)
_EXCUSED = re.compile(r"\b(?:call|doctor|911|emergency|allerg\w*|tells? you)\b", re.IGNORECASE)


def text_complaints(path: str, passage: Passage) -> Iterator[Complaint]:
    """What is wrong with the words of one passage, wherever it stands."""
    text = INLINE_MARK.sub("", passage.text)
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            yield Complaint(path, passage.line, rule.problem.replace("{found}", match[0].strip()), rule.remedy)
    for sentence in grades.sentences(passage.text):
        length = len(grades.words(sentence))
        if length > LONGEST_SENTENCE:
            yield Complaint(
                path,
                passage.line,
                f"A sentence has {length} words: '{sentence[:60]}…'.",
                f"Cut it to {LONGEST_SENTENCE}.",
            )


def stopping_alone(path: str, passage: Passage) -> Iterator[Complaint]:
    """A line that tells a reader to stop or change a prescribed medicine without anybody's advice.

    A sentence is excused where it names a call, the doctor, an emergency or an allergy.
    """
    for sentence in grades.sentences(passage.text):
        if (_STOP.search(sentence) or _CHANGE.search(sentence)) and not _EXCUSED.search(sentence):
            yield Complaint(
                path,
                passage.line,
                f"'{sentence[:60]}' tells a reader to stop or change a medicine alone.",
                "Say whom to call first.",
            )
