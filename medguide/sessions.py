"""Django's sessions in the database, which may go away in the middle of a request, and whose clock may jump."""

import datetime
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from medguide.accounts.models import CacheEntry

SIGNED_IN = (SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY, AUTHENTICATION_METHODS_SESSION_KEY)
SKEW = datetime.timedelta(minutes=1)  # between the clocks of several machines


class SessionStore(db.SessionStore):
    """What `settings.SESSION_ENGINE` names."""

    @classmethod
    def clear_expired(cls) -> None:
        """What `clearsessions` does each night: tries that were counted long ago go with the sessions that ended."""
        super().clear_expired()
        CacheEntry.objects.forget_ended()

    def load(self) -> dict[str, Any]:
        """Whoever signed in while the clock was ahead signs in anew; what they typed stays.

        Else they would stay signed in, and not be asked again who they are, for as long as the clock was ahead.
        """
        row = self._get_session_from_db()  # type: ignore[attr-defined]  # not in the stubs
        data: dict[str, Any] = self.decode(row.session_data) if row else {}
        if row and row.expire_date > timezone.now() + datetime.timedelta(seconds=self.get_session_cookie_age()) + SKEW:
            for key in SIGNED_IN:
                data.pop(key, None)
        return data

    def save(self, must_create: bool = False) -> None:
        """Raises UpdateError where the session was ended meanwhile, and the database's own error where it is away.

        Django takes the second for the first, and answers that the request was bad.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from error
            raise
