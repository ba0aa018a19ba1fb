"""Medicine lists told as stories: a daughter, her brother, and what hurried people do; with scripts and without."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, expect

from tests import real_server

from .family import (
    EIGHT,
    Family,
    add,
    database_dump,
    fill_in,
    heading,
    look,
    name_it,
    open_medicine,
    press,
    prove,
    row,
    sent_twice,
    serious,
    sign_in_again,
    sign_out_elsewhere,
    start_list,
    told,
)
from .lists import signed_in_page

pytestmark = pytest.mark.browser

Installation = tuple[Path, int, dict[str, str]]
NewContext = Callable[..., BrowserContext]
with_and_without_scripts = pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])


@pytest.fixture(scope="module")
def family(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Family]:
    letters, port = tmp_path_factory.mktemp("letters"), real_server.free_port()
    home = f"http://127.0.0.1:{port}"
    own = {"MEDGUIDE_SITE_URL": home, "MEDGUIDE_SIGNUP": "open", "MEDGUIDE_EMAIL_URL": f"file://{letters}"}
    with real_server.serving(real_server.granian(port), {**installation[2], **own}, f"{home}/"):
        yield Family(home, letters)


# --- From a medicine's page ---------------------------------------------------------------------------------


@with_and_without_scripts
def test_add_to_my_list_leads_from_the_page_to_the_right_list(
    new_context: NewContext, family: Family, javascript: bool
) -> None:
    # Given somebody who reads a page and is not signed in
    page = new_context(java_script_enabled=javascript).new_page()
    page.goto(f"{family.home}/medicines/metformin/")
    page.get_by_role("link", name="Add to my list").click()
    look(page, javascript)

    # When she puts it on a list without an account, it is there, and once
    press(page, "Put metformin on a list without an account")
    expect(page.locator(".row__name")).to_have_text("metformin")
    page.goto(f"{family.home}/medicines/metformin/")
    page.get_by_role("link", name="Add to my list").click()
    expect(page.locator("main")).to_contain_text("holds metformin already")

    # When she makes an account, she comes back to where she was, and her first list begins with it
    page.get_by_role("link", name="Make an account").click()
    family.fill_in_signing_up(page, f"reader-{javascript}@example.org".lower())
    expect(heading(page)).to_have_text("You have no list yet")
    look(page, javascript)
    page.get_by_role("link", name="Start a list").click()
    page.get_by_label("Name or nickname").fill("Papa")
    press(page, "Start the list")
    expect(heading(page)).to_have_text("Add a medicine for Papa")
    press(page, "Put it on Papa's list")
    expect(told(page)).to_have_text("metformin is on the list.")

    # Then with two lists she is asked whose, and told where it stands
    start_list(page, family.home, "Mama")
    page.goto(f"{family.home}/medicines/metformin/")
    page.get_by_role("link", name="Add to my list").click()
    expect(heading(page)).to_have_text("Whose list?")
    expect(page.locator(".row").filter(has_text="Papa")).to_contain_text("Metformin is on Papa's list already.")
    look(page, javascript)
    press(page, "Add metformin to Mama's list")
    expect(heading(page)).to_have_text("Add a medicine for Mama")
    press(page, "Put it on Mama's list")
    expect(row(page, "metformin")).to_be_visible()


# --- A daughter keeps the list of her father --------------------------------------------------------------


@with_and_without_scripts
def test_a_daughter_writes_her_fathers_list(new_context: NewContext, family: Family, javascript: bool) -> None:
    # Given a daughter who has just signed up, by the code from her mail
    page = new_context(java_script_enabled=javascript).new_page()
    family.sign_up(page, f"daughter-{javascript}@example.org".lower())
    look(page, javascript)

    # When she starts a list for him
    address = start_list(page, family.home, "Papa")
    look(page, javascript)

    # Then a weekly medicine written down as a daily one is stopped, and why is said
    name_it(page, address, "methotrexate")
    fill_in(page, {"amount": "6", "amount_unit": "tablet", "when": "daily", "slots": ["morning"]})
    press(page, "Put it on Papa's list")
    expect(page.get_by_role("alert")).to_contain_text("Taking it every day by mistake has killed people.")
    look(page, javascript)

    # When she adds eight medicines, each taken in its own way
    for name, (values, _said) in EIGHT.items():
        add(page, address, name, values)

    # Then each stands there in words, and what is taken only when needed stands apart
    for name, (_values, said) in EIGHT.items():
        expect(row(page, name)).to_contain_text(said)
    expect(page.get_by_role("region", name="Only when needed").locator(".row__name")).to_have_text(
        "acetaminophen 500 mg"
    )
    look(page, javascript)

    # And the list itself warns of what does not go together; what the doctor knows is counted no more
    before = serious(page)
    assert before >= 2
    page.get_by_label("The check of this list").get_by_role("link").click()
    look(page, javascript)
    known = page.locator(".list-finding").filter(has=page.locator(".finding--serious")).first
    words = known.get_by_role("heading").inner_text()
    known.get_by_role("button", name="knows about this").click()
    expect(page.get_by_role("region", name="The prescriber knows").get_by_role("heading", level=3)).to_have_text(words)
    look(page, javascript)
    page.goto(address)
    assert serious(page) == before - 1

    # It comes back when a dose changes
    name = words.split(" with ")[0].split(":")[-1].strip().split(",")[0]
    open_medicine(page, address, name)
    look(page, javascript)
    page.locator("[name=strength]").fill("75 mg")
    press(page, "Save for Papa")
    page.goto(address)
    assert serious(page) == before


@with_and_without_scripts
def test_her_brother_helps_until_she_ends_it(new_context: NewContext, family: Family, javascript: bool) -> None:
    # Given a list with one medicine, and an invitation to her brother
    her = new_context(java_script_enabled=javascript).new_page()
    his = new_context(java_script_enabled=javascript).new_page()
    brother = f"brother-{javascript}@example.org".lower()
    family.sign_up(her, f"sister-{javascript}@example.org".lower())
    address = start_list(her, family.home, "Papa")
    add(her, address, "metoprolol", EIGHT["metoprolol"][0])
    her.goto(f"{address}sharing/")
    her.get_by_label("E-mail address").fill(brother)
    her.get_by_label("Can look and change").check()
    press(her, "Invite to Papa's list")
    prove(her)
    expect(told(her)).to_have_text(f"An e-mail is on its way to {brother}.")
    look(her, javascript)

    # When he opens the letter and signs up by it
    his.goto(family.letter(brother, r"^(http\S+/invitations/\S+)$"))
    expect(heading(his)).to_have_text("You are invited to a medicine list")
    expect(his.locator("main")).not_to_contain_text("Papa")
    look(his, javascript)
    his.get_by_role("link", name="Make an account").click()
    family.fill_in_signing_up(his, brother)
    expect(heading(his)).to_have_text("You are invited to Papa's medicine list")
    look(his, javascript)
    press(his, "Accept")

    # Then he sees the list, and both change the same medicine at once
    expect(row(his, "metoprolol")).to_contain_text(EIGHT["metoprolol"][1])
    look(his, javascript)
    medicine = open_medicine(his, address, "metoprolol")
    open_medicine(her, address, "metoprolol")
    fill_in(his, {"when": "daily", "amount": "1"})
    press(his, "Save for Papa")
    expect(told(his)).to_have_text("Saved.")
    fill_in(her, {"when": "daily", "amount": "2", "strength": "25 mg"})
    press(her, "Save for Papa")

    # She is asked field by field: her own change is offered, what both changed she must choose
    expect(heading(her)).to_have_text("Somebody else changed this for Papa too")
    look(her, javascript)
    expect(her.get_by_label("Mine: 25 mg")).to_be_checked()
    expect(her.get_by_label("Mine: 2", exact=True)).not_to_be_checked()
    expect(her.get_by_label("Theirs, saved now: 1", exact=True)).not_to_be_checked()
    her.get_by_label("Theirs, saved now: 1", exact=True).check()
    press(her, "Save what I chose for Papa")
    expect(heading(her)).to_have_text("metoprolol 25 mg")
    expect(her.locator(".row__when")).to_have_text("Every day: 1 tablet in the morning, 1 in the evening")

    # When she ends his access while he has the form open, his next save finds nothing
    his.goto(f"{medicine}edit/")
    his.locator("[name=strength]").fill("100 mg")
    her.goto(f"{address}sharing/")
    her.get_by_role("link", name=f"End the access of {brother}").click()
    look(her, javascript)
    press(her, f"Yes, end the access of {brother} to Papa's list")
    expect(told(her)).to_have_text(f"{brother} can no longer see the list.")
    with his.expect_response(f"{medicine}edit/") as answer:
        press(his, "Save for Papa")
    assert answer.value.status == 404
    look(his, javascript)
    her.goto(medicine)
    expect(heading(her)).to_have_text("metoprolol 25 mg")
    her.goto(f"{address}history/")
    expect(her.locator(".history")).to_contain_text(brother)
    look(her, javascript)


@with_and_without_scripts
def test_a_list_moves_to_another_account_and_the_first_is_deleted(
    new_context: NewContext, family: Family, installation: Installation, tmp_path: Path, javascript: bool
) -> None:
    # Given a list of three medicines
    old, email = new_context(java_script_enabled=javascript).new_page(), f"moves-{javascript}@example.org".lower()
    family.sign_up(old, email)
    name = f"Papa Quixote {javascript}"
    address = start_list(old, family.home, name)
    assert email in database_dump(installation[2])
    assert name.lower() in database_dump(installation[2])
    for medicine in ("methotrexate", "warfarin", "acetaminophen"):
        add(old, address, medicine, EIGHT[medicine][0])

    # It comes out on paper
    for path in ("day/", "print/", "print/?large=1", "card/"):
        old.goto(address + path)
        expect(old.locator("main")).to_contain_text("methotrexate")

    # When it is taken out and brought into the list of another account
    old.goto(address)
    with old.expect_download() as file:
        old.get_by_role("link", name="Download the list for another MedGuide (JSON)").click()
    file.value.save_as(tmp_path / "medicines.json")
    new = new_context(java_script_enabled=javascript).new_page()
    family.sign_up(new, f"moved-{javascript}@example.org".lower())
    start_list(new, family.home, "Father")
    new.get_by_role("link", name="Bring medicines in from a file").click()
    new.get_by_label("The file").set_input_files(tmp_path / "medicines.json")
    press(new, "Look through the file")
    look(new, javascript)
    for choice in new.get_by_label("Add it", exact=True).all():
        choice.check()
    press(new, "Add what I chose to Father's list")

    # Then the same medicines stand there
    expect(told(new)).to_have_text("3 medicines were added.")
    old.goto(address)
    for part in (".row__name", ".row__when"):
        assert new.locator(part).all_inner_texts() == old.locator(part).all_inner_texts()

    # When the first account is deleted, the list is gone, and signing in gets the answer that everybody gets
    old.goto(f"{family.home}/account/delete/")
    look(old, javascript)
    old.get_by_label("E-mail address").fill(email)
    press(old, "Delete my account for good")
    prove(old)
    expect(heading(old)).to_have_text("Your account is deleted")
    look(old, javascript)
    dump, uid = database_dump(installation[2]), urlsplit(address).path.split("/")[2]
    assert [gone for gone in (email, name.lower(), uid, uid.replace("-", "")) if gone in dump] == []
    answers = []
    for somebody in (email, f"nobody-{javascript}@example.org".lower()):
        old.goto(f"{family.home}/account/login/?next={urlsplit(address).path}")
        sign_in_again(old, somebody)
        answers.append(old.locator(".error-summary").inner_text())
    assert answers[0] == answers[1]
    new.goto(address)
    expect(heading(new)).not_to_contain_text(name)


# --- What browsers and hurried people do ------------------------------------------------------------------


@with_and_without_scripts
def test_back_after_saving_shows_what_was_saved(
    new_context: NewContext, site: str, installation: Installation, javascript: bool
) -> None:
    here = signed_in_page(new_context, site, installation, 1, java_script_enabled=javascript)
    page = here.page
    medicine = open_medicine(page, here.address, "lisinopril")
    page.locator("[name=strength]").fill("20 mg")
    press(page, "Save for Papa Rosenquist")
    expect(heading(page)).to_have_text("lisinopril 20 mg")
    page.go_back()
    expect(page.locator("[name=strength]")).to_have_value("20 mg")
    page.locator("[name=strength]").fill("40 mg")
    press(page, "Save for Papa Rosenquist")
    expect(page).to_have_url(medicine)
    expect(heading(page)).to_have_text("lisinopril 40 mg")


@with_and_without_scripts
def test_back_after_adding_adds_nothing_more(
    new_context: NewContext, site: str, installation: Installation, javascript: bool
) -> None:
    here = signed_in_page(new_context, site, installation, 0, java_script_enabled=javascript)
    page = here.page
    add(page, here.address, "metoprolol", {})
    page.go_back()
    expect(heading(page)).to_have_text("Add a medicine for Papa Rosenquist")
    page.goto(here.address)
    expect(row(page, "metoprolol")).to_have_count(1)


@with_and_without_scripts
def test_a_double_click_saves_once(
    new_context: NewContext, site: str, installation: Installation, javascript: bool
) -> None:
    here = signed_in_page(new_context, site, installation, 0, java_script_enabled=javascript)
    page = here.page
    name_it(page, here.address, "metoprolol")
    page.get_by_role("button", name="Put it on").dblclick()
    expect(heading(page)).to_have_text("Papa Rosenquist's medicines")
    page.goto(here.address)
    expect(row(page, "metoprolol")).to_have_count(1)

    medicine = open_medicine(page, here.address, "metoprolol")
    page.locator("[name=strength]").fill("25 mg")
    led_to = {"edit": sent_twice(page, "Save").url}
    page.goto(f"{medicine}status/")
    page.get_by_label("Paused").check()
    led_to["status"] = sent_twice(page, "Save").url
    page.goto(f"{here.address}person/")
    page.get_by_label("Whom to call in an emergency").fill("Ann, 555-0100")
    led_to["person"] = sent_twice(page, "Save for Papa Rosenquist").url
    assert led_to == {"edit": medicine, "status": medicine, "person": here.address}
    page.goto(medicine)
    expect(heading(page)).to_have_text("metoprolol 25 mg")
    expect(page.locator(".row")).to_contain_text("Paused, since")


@with_and_without_scripts
def test_what_the_prescriber_knows_is_said_once(
    new_context: NewContext, site: str, installation: Installation, javascript: bool
) -> None:
    here = signed_in_page(new_context, site, installation, 10, java_script_enabled=javascript)
    page = here.page
    page.goto(f"{here.address}check/")
    known = page.locator(".list-finding").first.get_by_role("heading").inner_text()
    sent_twice(page, "prescriber knows about this")
    page.goto(f"{here.address}check/")
    expect(page.get_by_role("region", name="The prescriber knows")).to_contain_text(known)


@with_and_without_scripts
def test_what_was_typed_outlives_the_session(new_context: NewContext, family: Family, javascript: bool) -> None:
    # Given a form half filled, while the session ends in another tab
    context, email = new_context(java_script_enabled=javascript), f"late-{javascript}@example.org".lower()
    page = context.new_page()
    family.sign_up(page, email)
    address = start_list(page, family.home, "Papa")
    name_it(page, address, "metoprolol")
    values, said = EIGHT["metoprolol"]
    fill_in(page, values)
    sign_out_elsewhere(context, family)

    # When it is sent, they sign in, and find it as it was
    press(page, "Put it on Papa's list")
    sign_in_again(page, email)
    expect(heading(page)).to_have_text("Add a medicine for Papa")
    expect(page.locator("[name=amount]")).to_have_value("½")
    expect(page.locator("[name=slots][value=evening]")).to_be_checked()
    look(page, javascript)
    press(page, "Put it on Papa's list")
    expect(row(page, "metoprolol")).to_contain_text(said)

    # And a button that has no form of its own leads to a page, too
    add(page, address, "ibuprofen", {})
    add(page, address, "warfarin", {})
    page.goto(f"{address}check/")
    sign_out_elsewhere(context, family)
    page.get_by_role("button", name="knows about this").first.click()
    sign_in_again(page, email)
    expect(heading(page)).to_have_text("The check of Papa's list")
