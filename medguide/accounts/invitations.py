"""Who may make an account here: everybody, those who were invited, or nobody (MEDGUIDE_SIGNUP)."""

from django.conf import settings
from django.http import HttpRequest

INVITED_EMAIL = "invited_email"  # put into the session by the page of an open invitation


def invited_email(request: HttpRequest) -> str | None:
    """The address that the invitation opened in this browser was written to, in lower case."""
    email = request.session.get(INVITED_EMAIL)
    return str(email).strip().lower() or None if email else None


def signup_is_open(request: HttpRequest) -> bool:
    """Whether whoever sends this request may make an account. Where it is closed, an invitation opens nothing."""
    if settings.SIGNUP == "invited":
        return invited_email(request) is not None
    return bool(settings.SIGNUP == "open")
