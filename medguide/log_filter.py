"""What no log may hold: the token in the address of an invitation or of a link, which opens a list."""

import logging
import re

_TOKEN = re.compile(r"/(invitations|shared)/[^/\s]+")


class WithoutTokens(logging.Filter):
    """Django names the path of a request whose view broke. Its token is taken out before anybody writes it down."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _TOKEN.sub(r"/\1/…", record.getMessage()), ()
        return True
