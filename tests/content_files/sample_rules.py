"""A small catalogue and a few rules that have nothing wrong with them."""

from pathlib import Path

CATALOGUE = """- name: exemplol
  rxcui: "123456"
  kind: prescription
  brands: [Exempla]
  routes: [by mouth]
  for: pain
  source: {rxnorm: "123456"}
- name: otherol
  rxcui: "222222"
  kind: prescription
  brands: [Othera]
  also_called: [othero]
  routes: [by mouth, injection]
  for: fever
  source: {maker: A maker, dated: 2024-10}
- name: otherol eye drops
  ingredients: [otherol]
  rxcui: null
  kind: prescription
  brands: [Othera Eye]
  routes: [eye]
  for: red eyes
  source: {url: "https://example.org/drops", title: "Drops"}
- name: exemplol and otherol
  ingredients: [exemplol, otherol]
  rxcui: null
  kind: over-the-counter
  brands: [Bothera]
  routes: [by mouth]
  for: pain and fever
  source: {set_id: 00000000-1111-2222-3333-444444444444}
- name: alcohol
  rxcui: null
  kind: substance
  also_called: [beer, wine]
  routes: [by mouth]
  for: drinking
  source: {url: "https://example.org/alcohol", title: "Alcohol"}
"""

TEXTS = """  do: "Ask about {a} and {b}."
  could_happen: "You can get sleepy."
  because: "Both slow the brain."
  watch_for: {call_911: ["Slow breathing"], call_prescriber: ["More sleep"]}
  more_risk_if: [older-than-65]
  how_sure: strong
  question: "Do I need {a} and {b}?"
  sources: [{title: "A label", set_id: 00000000-1111-2222-3333-444444444444, section: warnings, retrieved: 2026-11-01}]
"""

RULES = f"""- id: exemplol-with-otherol
  between: [class:reliever, ingredient:otherol]
  except: []
  level: serious
{TEXTS}- id: exemplol-with-alcohol
  between: [[ingredient:exemplol], substance:alcohol]
  level: check
  effect: sleep-sum
{TEXTS}- id: exemplol-with-kidney-trouble
  between: [ingredient:exemplol, condition:kidney-trouble]
  level: check
{TEXTS}"""

EFFECTS = f"""- key: sleep-sum
  name: Sleep
  members: [class:reliever, substance:alcohol]
  least: 3
  level: check
{TEXTS}""".replace("{a} and {b}", "{names}")

DOUBLES = f"""- key: same
  of: same
  level: check
{TEXTS}- key: two-of-a-kind
  of: kind
  level: check
{TEXTS}""".replace("{a} and {b}", "{names}")


def write_rules(content: Path) -> Path:
    """Put the catalogue and the rules into a content folder of `sample.write_library`."""
    (content / "catalogue").mkdir()
    (content / "interactions").mkdir()
    (content / "catalogue" / "a.yaml").write_text(CATALOGUE)
    (content / "interactions" / "topic.yaml").write_text(RULES)
    (content / "interactions" / "effects.yaml").write_text(EFFECTS)
    (content / "interactions" / "doubles.yaml").write_text(DOUBLES)
    return content
