"""The check on the web: a form, questions, a report; nothing is kept, and nothing is called safe."""

import datetime
import json
import logging
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from monographs.content_files import load as load_module
from monographs.content_files.library import digest, read_library
from monographs.models import ContentVersion
from monographs.names import resolve
from tests.content_files.sample import write_library
from tests.content_files.sample_rules import write_rules

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def small_library(tmp_path: Path, db: None) -> None:
    """One page, five names and three rules, in the place of the shipped content."""
    content = write_rules(write_library(tmp_path))
    load_module.load(read_library(content, today=NOW.date()), digest(content), now=NOW)
    ContentVersion.forget()


def text_of(client: Client, **data: object) -> str:
    response = client.post("/interactions/", data)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies
    return response.content.decode()


@pytest.mark.parametrize(
    ("typed", "medicine"),
    [
        ("Exempla", "exemplol"),
        ("OTHERO", "otherol"),
        ("otherol 25 mg tablets", "otherol"),
        ("Otherol hydrochloride ER 2.5 mg", "otherol"),
        ("otherol eye drops", "otherol eye drops"),
        ("Bothera", "exemplol and otherol"),
        ("wine", "alcohol"),
    ],
)
def test_whole_names_resolve_whatever_stands_around_them(typed: str, medicine: str) -> None:
    resolved = resolve(typed)
    assert resolved.medicine is not None
    assert resolved.medicine.medicine == medicine


@pytest.mark.parametrize("typed", ["exempol", "other", "eye drops", "zzyzx", "", "25 mg"])
def test_anything_else_is_never_taken_for_a_medicine(typed: str) -> None:
    assert resolve(typed).medicine is None


def test_near_names_are_choices() -> None:
    assert "exemplol" in [choice.medicine for choice in resolve("exempol").choices]


def test_the_empty_form_is_a_public_page(client: Client) -> None:
    response = client.get("/interactions/")
    assert response["Cache-Control"].startswith("public")
    assert response.content.decode().count('name="name"') == 5


def test_a_serious_pair_with_brands(client: Client) -> None:
    text = text_of(client, name=["Exempla", "Othera", "", ""])
    assert "Ask about Exempla and Othera." in text
    assert 'class="finding finding--serious"' in text
    assert "Questions to take to your pharmacist" in text
    assert "2 names and 1 pairs, against" in text
    assert "Your prescriber may have chosen it on purpose" in text
    assert 'href="/medicines/exemplol/"' in text


def test_what_was_not_recognised_stands_first(client: Client) -> None:
    text = text_of(client, name=["Exempla", "wine", "zzyzx"])
    assert text.index("Could not be checked") < text.index("To ask about</h2>")
    assert "<strong>zzyzx</strong>" in text


def test_a_near_name_is_asked_about_first_and_the_answer_is_taken(client: Client) -> None:
    text = text_of(client, name=["exempol", "Othera"])
    assert "Which one did you mean?" in text
    assert "exemplol</strong>: pain" in text
    assert "What we found" not in text
    answered = text_of(client, name=["exempol", "Othera"], **{"meant-0": "exemplol"})
    assert "Ask about exempol and Othera." in answered
    declined = text_of(client, name=["exempol", "Othera"], **{"meant-0": "none"})
    assert "<strong>exempol</strong>" in declined
    forged = text_of(client, name=["exempol", "Othera"], **{"meant-0": "alcohol"})
    assert "<strong>exempol</strong>" in forged


def test_same_ingredient_and_same_kind(client: Client) -> None:
    text = text_of(client, name=["Bothera", "Exempla"])
    headings = [" ".join(heading.split()) for heading in re.findall(r"<h3[^>]*>.*?<span>(.*?)</span></h3>", text, re.S)]
    assert "Exemplol twice: in Bothera and Exempla" in headings
    text = text_of(client, name=["Bothera", "exemplol"])
    assert "by itself, and in Bothera" in text


def test_the_head_counts_what_was_found_and_leads_there(client: Client) -> None:
    text = text_of(client, name=["Exempla", "Othera", "Bothera", "zzyzx"], conditions=["kidney-trouble"])
    counts = text[text.index('class="report__counts"') : text.index('id="not-checked"')]
    said = {target: int(words.split()[0]) for target, words in re.findall(r'<a href="#([\w-]+)">([^<]+)</a>', counts)}
    assert said["serious"] == text.count('<article class="finding finding--serious"')
    assert said["ask"] + said.get("know", 0) == text.count("<article") - said["serious"]
    assert said["not-checked"] == 1
    for target in said:
        assert text.count(f'id="{target}"') == 1
    serious = text[text.index('id="serious"') : text.index('id="ask"')]
    assert "finding--check" not in serious
    assert "finding--serious" not in text[text.index('id="ask"') :]


def test_eye_drops_do_not_fire_the_rules_of_tablets(client: Client) -> None:
    assert "We found no warnings" in text_of(client, name=["otherol eye drops", "exemplol"])


def test_substances_and_conditions(client: Client) -> None:
    text = text_of(client, name=["Exempla"], substances=["alcohol"], conditions=["kidney-trouble"])
    assert "Ask about Exempla and alcohol." in text
    assert "Ask about Exempla and kidney trouble." in text
    assert "only some of what is known about illnesses" in text


@pytest.mark.parametrize("word", [r"safe to\b", "no interactions", "\u2713", "\u2714", "care--mild", "finding--know"])
def test_nothing_found_claims_nothing(client: Client, word: str) -> None:
    text = text_of(client, name=["wine", "otherol eye drops"])
    assert "We found no warnings in our list for these 2 names." in text
    assert "This does not mean that they are safe together." in text
    report = text[text.index("<main") : text.index("</main>")]
    assert not re.search(word, report.lower())


def test_more_boxes_keep_what_was_typed(client: Client) -> None:
    text = text_of(client, name=["a<b>", "two", "three"], substances=["alcohol"], more="1")
    assert 'value="a&lt;b&gt;"' in text
    assert text.count('name="name"') == 8
    assert 'value="alcohol" id="id_substances_0" checked' in text or "checked" in text
    assert "There is something to mend" not in text


def test_a_card_gives_each_thing_once_and_says_who_is_more_at_risk_and_when_it_was_read(client: Client) -> None:
    text = text_of(client, name=["Exempla", "Othera"])
    [card] = re.findall(r'<article class="finding finding--serious">.*?</article>', text, re.DOTALL)
    for said in (
        "You can get sleepy",
        "Slow breathing",
        "The risk is higher with:</strong> age over 65",
        "Nov. 1, 2026",
    ):
        assert card.count(said) == 1, said


def test_the_question_sheet_asks_about_what_was_found_and_what_was_not_checked(client: Client) -> None:
    text = text_of(client, name=["Exempla", "Othera", "zzyzx"], conditions=["kidney-trouble"], sheet="1")
    assert "Questions for my pharmacist</h1>" in text
    assert "Do I need Exempla and Othera?" in text
    assert "could not check zzyzx" in text
    assert 'name="name" value="zzyzx"' in text  # the way back
    assert 'name="conditions" value="kidney-trouble"' in text
    nothing = text_of(client, name=["wine", "otherol eye drops"], sheet="1")
    assert "Do I still need all of it?" in nothing


def test_a_medicine_has_a_page_of_the_rules_that_name_it(client: Client) -> None:
    page = client.get("/medicines/exemplol/").content.decode()
    assert 'href="/medicines/exemplol/mixing/"' in page
    response = client.get("/medicines/exemplol/mixing/")
    assert response["Cache-Control"].startswith("public")
    text = response.content.decode()
    assert "Ask about exemplol and otherol." in text
    assert text.index("Serious") < text.index("Ask about exemplol and alcohol.")
    assert client.get("/medicines/otherol/mixing/").status_code == 404


def test_change_gives_the_form_back(client: Client) -> None:
    text = text_of(client, name=["Exempla", "Othera"], change="1")
    assert 'value="Exempla"' in text
    assert "Check them" in text


@pytest.mark.parametrize(("names", "says"), [([], "at least one medicine"), (["Exempla"], "at least two names")])
def test_too_little_is_said_in_a_sentence(client: Client, names: list[str], says: str) -> None:
    response = client.post("/interactions/", {"name": names})
    assert response.status_code == 422
    text = response.content.decode()
    assert "<title>Error:" in text
    assert says in text


def test_sixty_names_and_more(client: Client) -> None:
    text = text_of(client, name=[f"zz{number}zz" for number in range(100)])
    assert "<strong>zz59zz</strong>" in text
    assert "zz60zz" not in text


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "{{ 7|add:7 }}", "a" * 5000, "\x00\x1f", "\u202eevil"])
def test_any_name_is_an_ordinary_page(client: Client, name: str) -> None:
    text = text_of(client, name=[name, "Exempla", "wine"])
    assert "<script>alert" not in text
    assert "</html>" in text


def test_wrong_choices_are_told(client: Client) -> None:
    response = client.post("/interactions/", {"name": ["Exempla", "wine"], "conditions": ["toothache"]})
    assert response.status_code == 422


def test_what_was_typed_reaches_no_log_and_no_address(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="django"):
        response = client.post("/interactions/", {"name": ["secretol", "Exempla", "wine"]})
    assert "secretol" not in response.headers.get("Location", "")
    assert "secretol" not in "".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )


def command(name: str, *args: str) -> str:
    out = StringIO()
    call_command(name, *args, stdout=out)
    return out.getvalue()


def test_the_command_tells_the_same(client: Client) -> None:
    text = command("check_interactions", "Exempla", "Othera", "wine", "zzyzx", "exempol")
    for part in (
        "COULD NOT BE CHECKED",
        "zzyzx",
        "did you mean",
        "SERIOUS",
        "Ask about Exempla and Othera.",
        "THESE ADD UP",
    ):
        assert part in text
    assert "Bothera" in command("check_interactions", "Bothera", "Exempla")


def test_the_command_claims_nothing_when_it_finds_nothing() -> None:
    text = command("check_interactions", "wine", "otherol eye drops")
    assert "This does not mean that they are safe together." in text
    assert not re.search(r"safe to\b|no interactions", text)


def test_the_command_as_json() -> None:
    data = json.loads(
        command("check_interactions", "Exempla", "Othera", "Bothera", "zz", "--json", "--condition", "kidney-trouble")
    )
    assert data["not_checked"] == ["zz"]
    assert data["serious"][0]["reasons"][0]["rule"] == "exemplol-with-otherol"
    assert data["same_ingredient"][0]["title"] == "exemplol"
    with pytest.raises(CommandError, match="more than 60"):
        command("check_interactions", *["a"] * 61)


def pairs_file(tmp_path: Path, text: str) -> str:
    file = tmp_path / "pairs.csv"
    file.write_text(text)
    return str(file)


def test_pairs_are_measured(tmp_path: Path) -> None:
    rows = [
        "drug_a,drug_b,interacts",
        "Exempla,Othera,1",
        "wine,othero,1",
        "Exempla,wine,0",
        "zz,wine,1",
        "wine,Bothera,0",
    ]
    file = pairs_file(tmp_path, "\n".join(rows) + "\n")
    text = command("evaluate_interactions", file, "--list")
    assert "pairs 5, both names known 4 (0.800)" in text
    assert "sensitivity 0.500 (1 of 2)" in text
    assert "specificity 0.000 (0 of 2)" in text
    assert "missed: wine + othero" in text
    assert "false alarm: Exempla + wine: exemplol-with-alcohol" in text
    assert "unknown: zz" in text
    [first, *_] = command("evaluate_interactions", file, "--json").splitlines()
    assert json.loads(first) == {
        "a": "Exempla", "b": "Othera", "known_a": True, "known_b": True, "level": "serious",
        "kinds": ["pair"], "rules": ["exemplol-with-otherol"],
    }  # fmt: skip


def test_pairs_without_a_truth_are_only_counted(tmp_path: Path) -> None:
    text = command("evaluate_interactions", pairs_file(tmp_path, "drug_a,drug_b\nExempla,Othera\n"))
    assert "sensitivity - (0 of 0)" in text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", ":1: The first line must name"),
        ("drug_a,drug_b\nx\n", ":2: This line does not have two names"),
        ("drug_a,drug_b\nx,y,z,w\n", ":2: This line does not have two names"),
        ("drug_a,drug_b,interacts\nx,y,maybe\n", ":2: interacts is 'maybe'"),
        ("drug_a,drug_b\nx," + "y" * 300 + "\n", ":2: A name is longer"),
        ('drug_a,drug_b\n"x,y\n', "cannot be read"),
        ("", ":1: The first line must name"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(CommandError, match=says):
        command("evaluate_interactions", pairs_file(tmp_path, text))


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"drug_a,drug_b\n\xff,y\n")
    with pytest.raises(CommandError, match="not UTF-8"):
        command("evaluate_interactions", str(tmp_path / "x.csv"))
    with pytest.raises(CommandError, match="No such file"):
        command("evaluate_interactions", str(tmp_path / "nowhere.csv"))
