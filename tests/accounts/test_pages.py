"""Every page of accounts: sound, private, in our own interface, with nothing in its address."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import get_resolver
from justhtml import JustHTML
from pytest_django import Settings

from medguide.accounts.models import User

from .stories import ANN, MOBILE, PASSWORD, browser, errors_of, show_password_again, sign_in

SIGNED_OUT = {
    "account_login": "/account/login/",
    "account_signup": "/account/signup/",
    "account_reset_password": "/account/password/reset/",
    "account_inactive": "/account/inactive/",
    "account_password_reset_completed": "/account/password/reset/done/",
}
SIGNED_IN = {
    "account": "/account/",
    "account_email": "/account/email/",
    "account_change_password": "/account/password/change/",
    "account_logout": "/account/logout/",
    "account_reauthenticate": "/account/reauthenticate/",
    "mfa_index": "/account/second-step/",
    "mfa_activate_totp": "/account/second-step/totp/activate/",
    "mfa_add_webauthn": "/account/second-step/webauthn/add/",
    "mfa_list_webauthn": "/account/second-step/webauthn/",
    "usersessions_list": "/account/sessions/",
}
WITH_A_PASSKEY = {
    "mfa_reauthenticate": "/account/second-step/reauthenticate/",
    "mfa_reauthenticate_webauthn": "/account/second-step/webauthn/reauthenticate/",
    "mfa_view_recovery_codes": "/account/second-step/recovery-codes/",
    "mfa_generate_recovery_codes": "/account/second-step/recovery-codes/generate/",
    "mfa_edit_webauthn": "/account/second-step/webauthn/keys/{pk}/edit/",
    "mfa_remove_webauthn": "/account/second-step/webauthn/keys/{pk}/remove/",
    "mfa_deactivate_totp": "/account/second-step/totp/deactivate/",
}
IN_THE_MIDDLE = {  # seen on the way: their own tests walk through them
    "account_email_verification_sent",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "mfa_authenticate",
}
NO_PAGES = {  # they answer with something else than a page
    "mfa_login_webauthn",
    "mfa_download_recovery_codes",
    "end_session",
    "account_set_password",
    "account_confirm_login_code",
}


def names(patterns: list[object] | None = None) -> set[str]:
    found = set()
    for pattern in patterns or get_resolver("medguide.accounts.urls").url_patterns:
        inner = getattr(pattern, "url_patterns", None)
        found |= names(inner) if inner else {pattern.name}  # type: ignore[attr-defined]
    return found


def test_every_address_of_accounts_is_looked_at_here() -> None:
    assert names() == {*SIGNED_OUT, *SIGNED_IN, *WITH_A_PASSKEY, *IN_THE_MIDDLE, *NO_PAGES}


def see(response, titles: set[str]) -> None:  # type: ignore[no-untyped-def]
    """What is true of every page."""
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert "publickey-credentials-get=(self)" in response["Permissions-Policy"]
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    document = JustHTML(response.content, encoding="utf-8", sanitize=False, collect_errors=True)
    assert document.errors == []
    assert len(document.query("h1")) == 1
    title = document.query("title")[0].to_text()
    assert title.endswith(" · MedGuide")
    assert title not in titles
    titles.add(title)
    assert document.query("meta[name=robots]")[0].attrs["content"] == "noindex"
    assert document.query("link[rel=canonical]") == []
    for script in document.query("script:not([src])"):
        assert script.attrs["type"] == "application/json"
    assert document.query("style, [style]") == []
    assert document.query("[placeholder]:not([type=search])") == []
    assert len(document.query("main .button--main")) <= 1 or title.startswith("Passkeys and codes")
    for field in document.query("main input:not([type=hidden], [type=checkbox], [hidden])"):
        assert field.attrs["autocomplete"]
        assert document.query(f'label[for="{field.attrs["id"]}"]')
    for link in document.query("[href], [action]"):
        assert "@" not in (link.attrs.get("href") or link.attrs.get("action") or "")


def test_pages_of_those_who_are_signed_out(client: Client, db: None) -> None:
    titles: set[str] = set()
    for path in SIGNED_OUT.values():
        see(client.get(path), titles)


def test_pages_of_those_who_are_signed_in(at_home: Client, ann: User) -> None:
    show_password_again(at_home)
    sign_in(browser(MOBILE))
    titles: set[str] = set()
    for path in SIGNED_IN.values():
        see(at_home.get(path), titles)
    assert ANN.encode() in at_home.get("/account/").content


def test_pages_of_those_who_have_a_passkey(at_home: Client, ann: User) -> None:
    show_password_again(at_home)
    credential = {"clientExtensionResults": {"credProps": {"rk": True}}}
    passkey = Authenticator.objects.create(
        user=ann, type="webauthn", data={"name": "My phone", "credential": credential}
    )
    Authenticator.objects.create(user=ann, type="totp", data={"secret": "A" * 32})
    at_home.post("/account/second-step/recovery-codes/generate/")
    titles: set[str] = set()
    for name, path in WITH_A_PASSKEY.items():
        if name != "mfa_reauthenticate_webauthn":  # wants a true passkey: tests/browser
            if name.startswith("mfa_reauth"):
                see(at_home.get(path.format(pk=passkey.pk)), set())
            else:
                see(at_home.get(path.format(pk=passkey.pk)), titles)
    see(at_home.get("/account/second-step/"), titles)
    see(at_home.get("/account/second-step/webauthn/"), titles)


@pytest.mark.parametrize(
    "path", [path for name, path in {**SIGNED_IN, **WITH_A_PASSKEY}.items() if name != "account_logout"]
)
def test_strangers_are_asked_to_sign_in(client: Client, db: None, path: str) -> None:
    for method in (client.get, client.post):
        response = method(path.format(pk=1))
        if (path, method) != ("/account/", client.post):
            assert response.status_code == 302
            assert response.headers["Location"].startswith("/account/login/")


def test_forms_need_their_token(ann: User) -> None:
    strict = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    assert strict.post("/account/login/", {"login": ANN, "password": PASSWORD}).status_code == 403


def test_errors_stand_in_a_summary_that_leads_to_the_fields(client: Client, db: None) -> None:
    response = client.post("/account/signup/", {"email": "nonsense", "password1": ""})
    assert response.content.count(b"<title>Error: ") == 1
    assert "E-mail address" in errors_of(response)
    assert b'<a href="#id_email">' in response.content
    assert b'<a href="#id_password1">' in response.content
    assert b'value="nonsense"' in response.content


def test_the_home_page_has_no_cookie_and_no_name(at_home: Client) -> None:
    response = at_home.get("/")
    assert not response.cookies
    assert ANN.encode() not in response.content
    assert response["Cache-Control"].startswith("public,")


def test_no_page_of_allauth_is_shown_as_it_comes(at_home: Client, settings: Settings) -> None:
    """Every template that a page of ours may need stands in our own folder."""
    from django.template.loader import get_template

    response = at_home.get("/account/second-step/")
    assert response.status_code == 200
    used = {template.origin.name for template in response.templates if template.name}
    assert all("site-packages/allauth" not in name for name in used), used
    for name in ("account/verification_sent.html", "account/email_confirm.html"):
        page = get_template(name).render({"confirmation": None, "can_confirm": False}, request=response.wsgi_request)
        assert re.search(r'<main id="main"', page)
