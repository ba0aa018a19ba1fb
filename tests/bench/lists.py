"""The private list page of 12 medicines, with its check on it, against a bare view of as many queries and bytes."""

from importlib import import_module
from typing import Any

from .installation import BARE, Installation, running
from .measuring import SECONDS_IF_SLOW, loads
from .report import Figure

MEDICINES = [
    "lisinopril", "metformin", "atorvastatin", "sertraline", "baclofen", "levothyroxine",
    "warfarin", "ibuprofen", "acetaminophen", "amlodipine", "omeprazole", "furosemide",
]  # fmt: skip
QUERIES_GOAL = 12
GOAL = 0.7


def figures(installation: Installation) -> list[Figure]:
    """About a quarter of a minute. Makes a user with a list in the installation."""
    cookie, path = _list()
    queries, size = _measured(cookie, path)
    with running(installation) as medguide, running(installation, BARE) as bare:
        urls = {"ours": medguide.address + path, "floor": f"{bare.address}/page/{queries}/{size}/"}
        taken = loads(urls, connections=16, seconds=SECONDS_IF_SLOW, headers={"Cookie": cookie})
    title = f"list page of {len(MEDICINES)} medicines with its check"
    return [
        Figure(f"{title}: queries", queries, "", goal=QUERIES_GOAL, better="less"),
        Figure(
            f"{title}, 16 connections (floor: bare view)",
            taken["ours"].per_second,
            "req/s",
            taken["floor"].per_second,
            GOAL,
        ),
    ]


def _list() -> tuple[str, str]:
    """A signed-in session's cookie and the address of its list."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.urls import reverse

    from medguide.accounts.models import User
    from medguide.medicine_lists import actions
    from medguide.medicine_lists.access import access_to
    from monographs.models import Medicine

    user = User.objects.create_user("bench@example.org")
    person = actions.create_person(by=user, values={"name": "Bench"})
    access = access_to(user, person.uid)
    schedule = {"kind": "daily", "doses": [{"slot": "morning"}]}
    for name in MEDICINES:
        known: dict[str, Any] = {"medicine": Medicine.objects.get(name=name), "amount": 1, "amount_unit": "tablet"}
        actions.add_statement(by=access, values={"name": name, "schedule": schedule, **known})
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    return cookie, reverse("medicine_list_of", kwargs={"person": person.uid})


def _measured(cookie: str, path: str) -> tuple[int, int]:
    """How many queries one look takes, and how many bytes it gives."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1", "cookie": cookie})
    client.get(path)  # builds what a process keeps
    with CaptureQueriesContext(connection) as queries:
        page = client.get(path)
    if page.status_code != 200 or b"levothyroxine" not in page.content:
        raise RuntimeError(f"The list page answered {page.status_code}.")
    count = len(queries)
    connection.close()
    return count, len(page.content)
