"""Accounts told as stories in a real browser: signing up and in, with scripts and without, and with a passkey."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests import real_server

from .test_accessibility import RUN_TOGETHER, STICKS_OUT, TARGETS, TOO_LOW, axe_complaints

pytestmark = pytest.mark.browser

ANN, BEN = "ann@example.org", "ben@example.org"
PASSWORD = "seven purple wardrobes"
SIGNED_OUT = ["/account/login/", "/account/signup/", "/account/password/reset/"]
SIGNED_IN = [
    "/account/",
    "/account/email/",
    "/account/password/change/",
    "/account/reauthenticate/",
    "/account/second-step/",
    "/account/second-step/totp/activate/",
    "/account/second-step/webauthn/add/",
    "/account/sessions/",
]


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("letters")


@pytest.fixture(scope="module")
def home(installation: tuple[Path, int, dict[str, str]], letters: Path) -> Iterator[str]:
    """An installation where everybody may sign up; its letters are files. Passkeys want a name, not a number."""
    port = real_server.free_port()
    address = f"http://localhost:{port}"
    own = {"MEDGUIDE_SITE_URL": address, "MEDGUIDE_SIGNUP": "open", "MEDGUIDE_EMAIL_URL": f"file://{letters}"}
    environment = {**installation[2], **own}
    for email in (ANN, BEN):
        subprocess.run(
            [sys.executable, "manage.py", "create_owner", email, "--password-stdin"],
            cwd=real_server.ROOT, env=environment, input=PASSWORD + "\n", text=True, check=True, capture_output=True,
        )  # fmt: skip
    with real_server.serving(real_server.granian(port), environment, f"http://127.0.0.1:{port}/"):
        yield address


def code_for(letters: Path, email: str) -> str:
    """The code of the only letter to this address."""
    [letter] = [text for text in (file.read_text() for file in letters.iterdir()) if f"To: {email}" in text]
    return re.findall(r"^ +([A-Z]{4}-[A-Z]{4})$", letter, re.MULTILINE)[0]


def sign_in(page: Page, home: str, email: str = ANN) -> None:
    page.goto(f"{home}/account/login/?next=/account/")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def prove(page: Page, home: str) -> None:
    page.goto(f"{home}/account/reauthenticate/?next=/account/")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_somebody_signs_up(
    new_context: Callable[..., BrowserContext], home: str, letters: Path, javascript: bool
) -> None:
    page = new_context(java_script_enabled=javascript, viewport={"width": 360, "height": 740}).new_page()
    email = f"new-{javascript}@example.org".lower()
    page.goto(f"{home}/account/login/?next=/account/")
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Choose a password").fill("too short")
    page.get_by_role("button", name="Go on").click()
    expect(page).to_have_title("Error: Make an account · MedGuide")
    expect(page.get_by_role("alert")).to_contain_text("Use at least 15 characters.")
    assert axe_complaints(page, javascript=javascript) == []

    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Type the code from the e-mail")
    assert axe_complaints(page, javascript=javascript) == []
    page.get_by_label("Code from the e-mail").fill(code_for(letters, email))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.locator("p.note[role=status]")).to_have_text("You have signed out.")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_somebody_signs_in(new_context: Callable[..., BrowserContext], home: str, javascript: bool) -> None:
    context = new_context(java_script_enabled=javascript)
    page = context.new_page()
    sign_in(page, home)
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
    expect(page).to_have_url(f"{home}/account/")
    [cookie] = [cookie for cookie in context.cookies() if cookie["name"] == "session"]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert axe_complaints(page, javascript=javascript) == []


@pytest.mark.parametrize("path", SIGNED_OUT + SIGNED_IN)
def test_each_page_fits_every_eye_and_thumb(new_context: Callable[..., BrowserContext], home: str, path: str) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    complaints: list[str] = []
    if path in SIGNED_IN:
        sign_in(page, home)
        prove(page, home)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(home + path)
    assert page.url == home + path
    for width in (320, 360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate(STICKS_OUT) == [], f"runs over the edge at {width} px"
        assert page.locator(TARGETS).evaluate_all(TOO_LOW) == [], f"too low for a thumb at {width} px"
        assert page.evaluate(RUN_TOGETHER) == [], f"words run together at {width} px"
        if width != 320:
            assert axe_complaints(page) == []
    assert complaints == []


def test_a_password_can_be_seen(page: Page, home: str) -> None:
    page.goto(f"{home}/account/login/")
    box = page.get_by_label("Password", exact=True)
    box.fill(PASSWORD)
    expect(box).to_have_attribute("type", "password")
    page.get_by_role("button", name="Show the password").click()
    expect(box).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide the password").click()
    expect(box).to_have_attribute("type", "password")


# --- Passkeys ---------------------------------------------------------------------------------------------


def virtual_device(page: Page) -> tuple[CDPSession, str]:
    """A device that knows its owner, made of nothing: what a phone with a fingerprint is to the browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def test_a_passkey_is_added_and_opens_the_account(page: Page, home: str) -> None:
    session, device = virtual_device(page)
    sign_in(page, home, BEN)
    prove(page, home)
    page.goto(f"{home}/account/second-step/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("my phone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My recovery codes")
    expect(page.locator(".codes li")).to_have_count(10)
    assert axe_complaints(page) == []
    code = page.locator(".codes li").first.inner_text()
    page.get_by_role("link", name="Back to passkeys and codes").click()
    page.get_by_role("link", name="My passkeys").click()
    expect(page.locator(".device__name")).to_have_text("my phone")
    assert axe_complaints(page) == []
    page.get_by_role("button", name="Sign out", exact=True).click()

    page.goto(f"{home}/account/login/?next=/account/sessions/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Where I am signed in")
    page.goto(f"{home}/account/second-step/webauthn/reauthenticate/?next=/account/email/")
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the e-mail address")
    page.get_by_role("button", name="Sign out", exact=True).click()

    sign_in(page, home, BEN)  # the password alone opens nothing now
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    assert axe_complaints(page) == []
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")
    page.get_by_role("button", name="Sign out", exact=True).click()

    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto(f"{home}/account/login/?next=/account/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("That did not work, or it was stopped. Try again.")).to_be_visible()

    sign_in(page, home, BEN)  # the phone is lost
    page.get_by_label("Code", exact=True).fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My account")


def test_where_passkeys_cannot_work_the_page_says_why(page: Page, home: str) -> None:
    page.goto(home.replace("localhost", "127.0.0.1") + "/account/login/")
    expect(page.get_by_text("This browser cannot use passkeys at this address.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
