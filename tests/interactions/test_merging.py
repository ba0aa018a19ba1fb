"""Several rules about one pair, read as one card: nothing twice, and nothing lost."""

import pytest

from monographs.interactions.merging import do_once, paragraphs_once, sentences, signs_once
from monographs.interactions.report import PairFinding, Reason
from monographs.interactions.rulebook import Level, Texts

ASK = "Talk to a pharmacist or doctor before your next dose of {a} and {b}."


def reason(key: str, a: str, b: str, **texts: object) -> Reason:
    given = {"do": ASK, "could_happen": "{a} can build up.", "because": "It does.", "call_911": (), **texts}
    rest = {"call_prescriber": (), "more_risk_if": (), "how_sure": "strong", "question": "?", "sources": ()}
    return Reason(key, Level.SERIOUS, Texts(**{**rest, **given}), a, b)  # type: ignore[arg-type]


def plain(*rules: str) -> list[str]:
    return do_once([[(sentence, sentence) for sentence in sentences(rule)] for rule in rules])


@pytest.mark.parametrize(
    "again",
    [
        "Ask your pharmacist or doctor before you take {a} and {b} together.",
        "Ask a pharmacist or doctor before you take {b} with {a}.",
        "Ask your pharmacist before you drink {b} while you take {a}.",
    ],
)
def test_asking_first_is_said_once(again: str) -> None:
    assert plain(ASK, again) == [ASK]
    assert plain(again, again) == [again]
    more = "Talk to a pharmacist or doctor before your next dose of {a} and {b}; 2 weeks must lie between them."
    assert plain(more, again) == [more]


@pytest.mark.parametrize(
    "besides",
    [
        "Take {a} at least 4 hours before {b}.",
        "Do not stop {a} on your own.",
        "Ask your pharmacist or doctor if your dose of {a} fits your kidneys.",
        "Talk to a pharmacist or doctor before your next dose of {a} if you are pregnant.",
        "Ask the clinic that manages {a} for an extra INR test when you start or end {b}, or change its dose.",
    ],
)
def test_what_is_to_be_done_besides_is_kept(besides: str) -> None:
    assert plain(ASK, besides) == [ASK, besides]
    assert plain(besides, ASK) == [besides, ASK]


def test_asking_some_readers_is_not_asking_all() -> None:
    some = "Talk to a pharmacist or doctor before your next dose of {a}, unless they told you to take it with {b}."
    assert plain(some, ASK) == [some, ASK]


def test_a_paragraph_leaves_out_what_stands_above_it() -> None:
    said = paragraphs_once(
        [
            ["The virus may no longer be held down.", "It can learn to resist darunavir and others like it."],
            ["The virus may no longer be held down, and can learn to resist darunavir."],
            ["The herb clears it faster.", "The herb clears it too fast.", "It is so."],
            ["Others can learn to resist darunavir."],
        ]
    )
    assert said == (
        "The virus may no longer be held down. It can learn to resist darunavir and others like it.",
        "The herb clears it faster. It is so.",
        "Others can learn to resist darunavir.",
    )


def test_a_sign_that_another_one_says_is_left_out() -> None:
    assert signs_once(["A high fever with stiff muscles", "Seizure", "High fever", "A seizure"]) == (
        "Seizure",
        "High fever",
    )
    assert signs_once(["Bleeding gums or nosebleeds", "Nosebleeds or bleeding gums"]) == (
        "Bleeding gums or nosebleeds",
    )
    assert signs_once(["Confusion with a fever", "A rash"], ["Confusion"]) == ("A rash",)


@pytest.mark.parametrize(
    "signs",
    [
        ("A very fast heartbeat with dizziness or chest pain", "Chest pain"),
        ("Chest pain", "Chest pain (tell the ambulance crew that you took this)"),
        ("Fever", "Fever or a new infection"),
        ("Sweating", "Sweating, or a fast heartbeat"),
        ("Cannot pass urine", "Passing less urine"),
    ],
)
def test_a_sign_of_its_own_is_kept(signs: tuple[str, ...]) -> None:
    assert signs_once(signs) == signs
    assert signs_once(reversed(signs)) == signs[::-1]


def test_names_with_a_full_stop_do_not_divide_a_sentence() -> None:
    wort = reason("one", "Vit. D", "St. John's wort")
    other = reason("two", "St. John's wort", "Vit. D", do="Ask your pharmacist before you take {a} with {b}.")
    card = PairFinding(("St. John's wort", "Vit. D"), (wort, other))
    assert card.do == "Talk to a pharmacist or doctor before your next dose of Vit. D and St. John's wort."
    assert card.could_happen == ("Vit. D can build up. It does.", "St. John's wort can build up.")
    assert sentences("Ask Dr. Lee about St. John's wort. Go on.") == ["Ask Dr. Lee about St. John's wort.", "Go on."]
