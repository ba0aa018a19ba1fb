"""Who signs in. How they do is django-allauth's work; what is ours of it stands beside this file."""

import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users. E-mail addresses are kept in lower case, so that one person has one account."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with this address. Raises ValueError where the address is empty."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user who may do everything in the admin, where an installation has it on."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, known by an e-mail address."""

    email = models.EmailField(_("e-mail address"), unique=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now)
    has_short_password = models.BooleanField(default=False)  # chosen beside a second step, see passwords.py

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="one_user_per_email"),
        ]

    def __str__(self) -> str:
        return f"user {self.pk}"


class CacheEntries(models.QuerySet["CacheEntry"]):
    """The database's clock decides, because all processes and machines share it."""

    STEP = datetime.timedelta(minutes=1)  # by which a clock may be set back, as NTP does, and nothing is lost

    def running(self) -> "CacheEntries":
        """Neither ended nor made in the future: what a clock that was a year ahead made does not last a year."""
        return self.filter(made_at__lte=Now() + self.STEP, ends_at__gt=Now())

    def ended(self) -> "CacheEntries":
        return self.exclude(made_at__lte=Now() + self.STEP, ends_at__gt=Now())

    def forget_ended(self) -> None:
        """Erases what has ended. Two who do so at once pass over each other's rows and do not wait."""
        with transaction.atomic():
            ended = self.ended().select_for_update(skip_locked=True).values("pk")
            CacheEntry.objects.filter(pk__in=ended).delete()


class CacheEntry(models.Model):
    """What is remembered for minutes: counted tries, used codes, a day's salt. `medguide.shared_cache` alone reads it.

    No row names anybody: `key` is a digest that takes the secret key to work out.
    """

    key = models.CharField(max_length=64, primary_key=True)
    value = models.JSONField()
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(db_index=True)

    objects = CacheEntries.as_manager()

    def __str__(self) -> str:
        return f"cache entry until {self.ends_at}"
