"""What somebody has besides a password: passkeys, or an app that shows codes. Recovery codes alone do not count."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser

from .models import User

SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_step(user: User | AnonymousUser) -> bool:
    return bool(Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_STEPS).exists())


def may_remove(authenticator: Authenticator) -> bool:
    """Not the last second step of somebody whose password is too short to stand alone."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SECOND_STEPS)
    user: User = authenticator.user
    return not user.has_short_password or others.exclude(pk=authenticator.pk).exists()
