"""The cache in which django-allauth counts tries and notes used codes: one for all processes and machines.

It lies in the database (docs/decisions/0014). Where that is away its error passes through, so that nobody's try goes
uncounted. Not for pages: those have a cache of their own (docs/decisions/0004).
"""

import datetime
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.crypto import salted_hmac

from medguide.accounts.models import CacheEntry

USED_CODE = "allauth.mfa.totp.used"
# A code is taken for its own half minute and for those before and after. allauth forgets after 30 seconds that it was
# used, and then takes it again.
LONGEST_CODE = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 1)


class SharedCache(BaseCache):
    """What `settings.CACHES` names. Values are what JSON can hold; each of them ends, by the database's clock."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        entry = CacheEntry.objects.running().filter(pk=self._pk(key, version)).first()
        return default if entry is None else entry.value

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Of many who add at once, True for one: locks and used codes rest on it."""
        if str(key).startswith(USED_CODE):
            timeout = LONGEST_CODE
        entry = self._entry(key, value, timeout, version)
        here = CacheEntry.objects.filter(pk=entry.pk)
        here.ended().delete()
        if here.exists():
            return False
        try:
            with transaction.atomic():
                entry.save(force_insert=True)
        except IntegrityError:
            return False
        return True

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        entry = self._entry(key, value, timeout, version)
        columns = ["value", "made_at", "ends_at"]
        CacheEntry.objects.bulk_create([entry], update_conflicts=True, unique_fields=["key"], update_fields=columns)
        CacheEntry.objects.forget_ended()

    def delete(self, key: Any, version: int | None = None) -> bool:
        count, _by_model = CacheEntry.objects.filter(pk=self._pk(key, version)).delete()
        return bool(count)

    def clear(self) -> None:
        CacheEntry.objects.all().delete()

    def _entry(self, key: Any, value: Any, timeout: Any, version: int | None) -> CacheEntry:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        if seconds is None:
            raise ValueError("What is kept here ends: give the seconds.")
        ends_at = Now() + datetime.timedelta(seconds=seconds)
        return CacheEntry(key=self._pk(key, version), value=value, made_at=Now(), ends_at=ends_at)

    def _pk(self, key: Any, version: int | None) -> str:
        """A stand-in that only whoever has the secret key can work out: keys hold accounts, places and codes."""
        return salted_hmac(__name__, self.make_key(key, version), algorithm="sha256").hexdigest()
