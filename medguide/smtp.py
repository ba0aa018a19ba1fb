"""The way to the mail server, on which not every thread may wait at once."""

from collections.abc import Sequence
from threading import BoundedSemaphore

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

# Of the server's four threads (docs/decisions/0003). Where the mail server hangs, the others go on with pages.
_PLACES = BoundedSemaphore(2)
LONGEST_QUEUE = 1.0  # seconds


class EmailBackend(smtp.EmailBackend):
    """Django's. Raises TimeoutError where two letters are on their way and none gets there."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if not _PLACES.acquire(timeout=LONGEST_QUEUE):
            raise TimeoutError("two letters wait for the mail server already")
        try:
            return super().send_messages(email_messages)
        finally:
            _PLACES.release()
