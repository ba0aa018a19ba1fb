"""What is told of links: in the history, in the download of everything, in no log and in no session."""

import io
import json
import logging
import zipfile
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from medguide.medicine_lists import share_link_actions
from medguide.medicine_lists.history import found
from medguide.medicine_lists.models import HistoryEvent, Part, ShareLink, Verb

from .cast import Cast, make_link
from .test_share_links import A_DAY, A_MINUTE, shared, told, url

pytestmark = pytest.mark.django_db


def test_the_history_tells_of_links(cast: Cast) -> None:
    make_link(cast.access("owner"))
    shared(cast.link_token)
    share_link_actions.end_link(by=cast.access("owner"), uid=cast.link.uid, now=timezone.now())
    client = cast.client("owner")
    page = told(client.get(url(cast, "history")))
    for sentence in (
        "You made the link “Dr. Hahn”", "You made a link for a doctor or a hospital",
        "Somebody opened the link “Dr. Hahn”", "You ended the link “Dr. Hahn”",
    ):  # fmt: skip
        assert sentence in page, sentence
    only = told(client.get(url(cast, "history"), {"who": "by-link"})).split("<ol", 1)[1]
    assert "Somebody opened" in only
    assert "You " not in only
    assert "Somebody who has left" not in page
    assert not found(cast.access("owner"), {"who": "gone"}).exists()
    table = client.get(url(cast, "history_export")).content.decode()
    assert ",somebody,Somebody opened the link “Dr. Hahn”," in table


def test_nobody_floods_the_history_by_opening_a_link(cast: Cast) -> None:
    for _time in range(5):
        shared(cast.link_token)
    opened = HistoryEvent.objects.filter(verb=Verb.LINK_OPENED)
    assert opened.count() == 1
    cast.link.refresh_from_db()
    assert cast.link.opened == 5
    for last in (timezone.now() - 31 * A_MINUTE, timezone.now() + A_DAY):  # or a clock was ahead
        ShareLink.objects.update(last_opened_at=last)
        shared(cast.link_token)
    assert opened.count() == 3


def test_everything_of_mine_tells_of_links_without_their_tokens(cast: Cast) -> None:
    make_link(cast.access("owner"), left_out=[cast.baclofen], shows=[Part.NOTES])
    for who, count in (("owner", 2), ("viewer", None)):
        response = cast.client(who).get(reverse("download_everything"))
        content = b"".join(response) if response.streaming else response.content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            about = json.loads(archive.read("about-list-1.json"))
            whole = b"".join(archive.read(name) for name in archive.namelist()).decode()
        if count:
            newest = about["share_links"][0]
            assert (newest["shows"], newest["medicines_left_out"]) == (["notes"], ["baclofen"])
            assert about["share_links"][1]["for"] == "Dr. Hahn"
        else:
            assert "share_links" not in about
        for token in (cast.link_token, share_link_actions._hash(cast.link_token)):
            assert token not in whole


def test_a_page_that_breaks_writes_no_token_into_the_log(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the disk is full")

    [handler] = [
        one for one in logging.getLogger().handlers if any(type(f).__name__ == "WithoutTokens" for f in one.filters)
    ]
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    monkeypatch.setattr("medguide.medicine_lists.views.share_links.shared_list", fail)
    monkeypatch.setattr("medguide.medicine_lists.views.invitations.open_invitation", fail)
    client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    try:
        for name, token in (("shared", cast.link_token), ("invitation", cast.open_token)):
            assert client.get(reverse(name, args=[token])).status_code == 500
    finally:
        handler.setStream(before or io.StringIO())
    assert "Internal Server Error: /shared/…/" in written.getvalue()
    assert "Internal Server Error: /invitations/…/" in written.getvalue()
    assert "RuntimeError: the disk is full" in written.getvalue()
    assert cast.link_token not in written.getvalue()
    assert cast.open_token not in written.getvalue()


def test_no_session_is_made_of_a_reader(cast: Cast) -> None:
    before = Session.objects.count()
    shared(cast.link_token)
    assert Session.objects.count() == before
