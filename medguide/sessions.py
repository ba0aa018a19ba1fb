"""Django's sessions in the database, where the database may go away in the middle of a request."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import InterfaceError, OperationalError


class SessionStore(db.SessionStore):
    """What `settings.SESSION_ENGINE` names."""

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
