"""A small library that has nothing wrong with it, for planting faults in."""

from pathlib import Path

HEAD = """---
name: exemplol
say: ek-SEM-plol
kind: prescription
brands: [Exempla]
also_called: [examplol]
ingredients: [{name: exemplol, rxcui: "123456"}]
forms: [tablet]
route: by mouth
for_people: adults
used_for: [pain]
tags: [sedating, do-not-stop-suddenly]
schedule: [morning, bedtime]
missed_dose:
  take_if_within_hours: null
  otherwise: skip
  never_double: true
  call_after_missed: 2
disposal: trash
storage: room
look_alikes: [otherol]
mentions: [aspirin]
sources:
  - {id: label, title: "Exemplol label", set_id: 00000000-1111-2222-3333-444444444444, retrieved: 2026-11-01}
  - {id: page, title: "A page", url: "https://example.org/page", dated: 2024-10, retrieved: 2026-11-01}
drafted_by: A test
clinician_review: null
checked_on: 2026-11-01
next_check_on: 2027-11-01
---
"""

FILLER = "It is a short line that says a plain thing in plain words. You can read it and then go on. "

SECTIONS = {
    "The most important things": "- **Do not stop it suddenly.** Call first.\n- It can make you sleepy.\n- Ask about aspirin.",
    "What it is for": "It eases pain. It does not cure the cause.\n\n" + FILLER * 2,
    "Before you take it": (
        "### Do not take it if\n\n- You had a rash from it.\n\n### Tell your doctor if\n\n- You have weak lungs.\n\n"
        "### Pregnancy\n\nAsk first.\n\n### Breastfeeding\n\nAsk first.\n\n### Children\n\nAsk first.\n\n"
        "### People over 65\n\nAsk first.\n\n" + FILLER * 2
    ),
    "How to take it": "Take 5 mg with food.\n\n### Do\n\n- Drink some water.\n\n### Do not\n\n- Do not chew it.",
    "If you miss a dose": FILLER + "\n\nSkip it. Do not take 2 doses to make up for a missed one.",
    "If you take too much": "{overdose-help}\n\nCall {911} if the person cannot be woken. " + FILLER,
    "Side effects": (
        "### Get help now\n\n- A seizure\n\n### Call your doctor today\n\n- A rash\n\n### Usually mild\n\n"
        "- Sleep: up to 12 in 100 people\n\n{people: 12 | Sleep: up to 12 in 100 people}\n\n{report-side-effects}"
    ),
    "What it does not mix with": FILLER * 3,
    "Tests and check-ups": FILLER * 3,
    "Daily life": "{sedating}\n\n" + FILLER * 3,
    "Stopping it": "{do-not-stop-suddenly}\n\n" + FILLER * 3,
    "Storing it": FILLER * 3,
    "Getting rid of it": "{throw-away}\n\n" + FILLER,
    "For the people who help": FILLER * 3,
    "Questions to ask": "- How long will I take it?\n- What should I watch for?\n\n" + FILLER * 2,
}

SNIPPETS = {
    "911": "[911](tel:911)",
    "poison-help": "Poison Help at [1-800-222-1222](tel:+18002221222)",
    "988": "[988](tel:988)",
    "overdose-help": "**Call {poison-help} right away.** Call {911} if they cannot be woken.",
    "overdose-911": "**Call {911} right away.**",
    "report-side-effects": "Tell the FDA.",
    "sedating": "It can make you sleepy.",
    "do-not-stop-suddenly": "**Do not stop {name} suddenly.**",
    "throw-away": "Take it back.",
    "flush": "Flush it.",
    "measuring-liquid": "Use the syringe.",
    "once-a-week": "Once a week, not every day.",
    "suicidality": "Call {988}.",
    "opioid-naloxone": "Give naloxone.",
    "misuse-help": "Ask for help.",
    "drug-facts": "Read the box.",
    "sharps": "Use a sharps box.",
}
INLINE = {"911", "988", "poison-help"}

GROUPS = "- {key: pain, name: Pain}\n- {key: heart, name: Heart}\n"
CLASSES = """- key: reliever
  name: Pain reliever
  what_it_is: Eases pain.
  members: [exemplol, otherol]
  source: {id: label, title: "Exemplol label", set_id: 00000000-1111-2222-3333-444444444444, retrieved: 2026-11-01}
"""


def monograph(head: str = HEAD) -> str:
    """The text of one page that passes every rule."""
    parts = [f"## {heading}\n\n{text.strip()}\n\n{{sources: label}}\n" for heading, text in SECTIONS.items()]
    return head + "\n" + "\n".join(parts) + "\n## Where this comes from\n"


def write_library(root: Path) -> Path:
    """The content folder of a library with one page and nothing wrong with it."""
    content = root / "content"
    medicines, snippets = content / "en" / "medicines", content / "en" / "snippets"
    medicines.mkdir(parents=True)
    snippets.mkdir()
    (content / "groups.yaml").write_text(GROUPS)
    (content / "classes.yaml").write_text(CLASSES)
    (medicines / "exemplol.md").write_text(monograph())
    for slug, text in SNIPPETS.items():
        if slug in INLINE:
            head = "look: inline"
        else:
            head = 'look: plain\nsources:\n  - {id: a, title: "A", url: "https://example.org/a", retrieved: 2026-11-01}'
        (snippets / f"{slug}.md").write_text(f"---\n{head}\n---\n{text}\n")
    return content
