"""Where somebody is signed in, and how that ends."""

from django.test import Client

from medguide.accounts.models import User

from .stories import MOBILE, PASSWORD, browser, is_signed_in, notes_of, sign_in

LIST = "/account/sessions/"


def test_devices_are_listed_by_names_that_people_know(ann: User) -> None:
    laptop, phone = browser(), browser(MOBILE)
    sign_in(laptop)
    sign_in(phone)
    page = laptop.get(LIST).content.decode()
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert page.count("this device") == 1
    kept = " ".join(f"{session.user_agent} {session.ip}" for session in ann.usersession_set.all())
    assert "Mozilla" not in kept
    assert "127.0.0.1" not in kept


def test_one_device_is_signed_out(ann: User) -> None:
    laptop, phone, tablet = browser(), browser(MOBILE), browser()
    for device in (laptop, phone, tablet):
        sign_in(device)
    lost = ann.usersession_set.get(user_agent="Safari on iPhone")
    response = laptop.post(f"{LIST}{lost.pk}/end/", follow=True)
    assert notes_of(response) == ["That device is signed out."]
    assert not is_signed_in(phone)
    assert is_signed_in(tablet)
    assert laptop.get(f"{LIST}{lost.pk}/end/").status_code == 405


def test_all_others_are_signed_out(ann: User) -> None:
    laptop, phone, tablet = browser(), browser(MOBILE), browser()
    for device in (laptop, phone, tablet):
        sign_in(device)
    response = laptop.post(LIST, follow=True)
    assert notes_of(response) == ["All other devices are signed out."]
    assert [is_signed_in(device) for device in (laptop, phone, tablet)] == [True, False, False]


def test_nobody_ends_the_sessions_of_others(at_home: Client, ann: User) -> None:
    ben = User.objects.create_user("ben@example.org", PASSWORD)
    other = browser()
    other.force_login(ben)
    [mine] = ann.usersession_set.all()
    assert other.post(f"{LIST}{mine.pk}/end/").status_code == 404
    assert browser().post(f"{LIST}{mine.pk}/end/").status_code == 302
    assert is_signed_in(at_home)


def test_what_is_known_of_a_device_ends_with_its_session(at_home: Client, ann: User) -> None:
    phone = browser(MOBILE)
    sign_in(phone)
    assert ann.usersession_set.count() == 2
    phone.post("/account/logout/")
    at_home.get(LIST)
    assert ann.usersession_set.count() == 1


def test_signing_out_needs_a_button(at_home: Client) -> None:
    page = at_home.get("/account/logout/")
    assert b"<h1>Sign out?</h1>" in page.content
    assert is_signed_in(at_home)
