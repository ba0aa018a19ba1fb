"""A cache in this process whose entries end when their time is over, whatever becomes of the clock on the wall."""

import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache


class SteadyCache(LocMemCache):
    """Tries counted while the clock was a year ahead would be held against people for a year after it is right."""

    def get_backend_timeout(self, timeout: Any = DEFAULT_TIMEOUT) -> float | None:
        if timeout == DEFAULT_TIMEOUT:
            timeout = self.default_timeout
        return None if timeout is None else time.monotonic() + timeout

    def _has_expired(self, key: str) -> bool:
        ends: float | None = self._expire_info.get(key, -1)  # type: ignore[attr-defined]  # not in the stubs
        return ends is not None and ends <= time.monotonic()
