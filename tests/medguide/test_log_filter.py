"""No log holds the token of an address that opens a list."""

import logging

import pytest

from medguide.log_filter import WithoutTokens


@pytest.mark.parametrize(
    ("message", "arguments", "written"),
    [
        ("Internal Server Error: %s", ("/shared/a-Token_1/",), "Internal Server Error: /shared/…/"),
        ("Internal Server Error: %s", ("/invitations/a-Token_1/",), "Internal Server Error: /invitations/…/"),
        ("%s and %s", ("/shared/one/", "/shared/two"), "/shared/…/ and /shared/…"),
        ("/invitations/0f5c/accept/", (), "/invitations/…/accept/"),
        ("Internal Server Error: %s", ("/lists/0f5c/sharing/",), "Internal Server Error: /lists/0f5c/sharing/"),
        ("100%% of %d", (3,), "100% of 3"),
        ("100% as it is", (), "100% as it is"),
    ],
)
def test_only_tokens_are_taken_out(message: str, arguments: tuple[object, ...], written: str) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, arguments, None)
    assert WithoutTokens().filter(record)
    assert record.getMessage() == written
