"""What django-allauth asks this installation: who may sign up, in which words, and what is kept of whom."""

import ipaddress
import logging
import secrets
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from medguide.qr_code import qr_code

from .devices import device_name
from .invitations import signup_is_open
from .models import User
from .passwords import LEAST
from .second_step import may_remove

logger = logging.getLogger(__name__)
_SALT_LASTS = 86_400  # seconds

WRONG_CODE = gettext_lazy("That code is not right, or it is too old. Type it again, or ask for a new one.")
TOO_MANY = gettext_lazy("That was wrong too often. Wait five minutes and try again.")


def user_display(user: User) -> str:
    """How a person is called in letters and beside a passkey."""
    return user.email


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts: addresses, passwords, letters."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This account has been closed."),
        "email_taken": gettext_lazy("That address belongs to another account."),
        "duplicate_email": gettext_lazy("That is your address already."),
        "email_password_mismatch": gettext_lazy(
            "This address and this password do not fit together. Look at both again, or choose a new password."
        ),
        "enter_current_password": gettext_lazy("This is not your password. Type the one you use now."),
        "incorrect_code": WRONG_CODE,
        "incorrect_password": gettext_lazy("This is not your password. Type it again."),
        "rate_limited": gettext_lazy("That was too quick. Wait a minute and try again."),
        "same_as_current": gettext_lazy("Type an address that is not the one you have now."),
        "too_many_login_attempts": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return signup_is_open(request)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.has_short_password = False
        return super().save_user(request, user, form, commit)  # type: ignore[no-any-return]

    def set_password(self, user: User, password: str) -> None:
        self._shorten_user_agent(self.request)
        user.has_short_password = len(password) < LEAST
        super().set_password(user, password)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        self._shorten_user_agent(request)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    @staticmethod
    def _shorten_user_agent(request: HttpRequest | None) -> None:
        """What is kept with a session is "Firefox on Windows", not the whole line by which a browser is known."""
        if request is not None:
            request.META["HTTP_USER_AGENT"] = device_name(request.META.get("HTTP_USER_AGENT", ""))

    def get_http_user_agent(self, request: HttpRequest) -> str:
        return device_name(request.META.get("HTTP_USER_AGENT", ""))

    def get_client_ip(self, request: HttpRequest) -> str:
        """An address that stands for the client's, for counting alone. After a day nobody can turn it back.

        It takes the secret key and a salt that all processes share for a day and that is then erased (0014). allauth
        counts by it, and writes it beside each session. An IPv6 address of one customer is a /64, which is what it
        counts by; so what is hashed is cut to that, and the hash takes the place of those 64 bits.
        """
        real = ipaddress.ip_address(super().get_client_ip(request))
        network = ipaddress.ip_network((real, 64 if real.version == 6 else 32), strict=False)
        salt = str(cache.get_or_set("medguide.salt", secrets.token_hex, _SALT_LASTS))
        digest = salted_hmac(salt, network.network_address.packed, algorithm="sha256").digest()
        return str(ipaddress.IPv6Address(digest[:8] + bytes(8)))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Wrong passwords are counted by account and place: who guesses elsewhere does not lock its owner out.

        Not by the site's name, which allauth adds: a guesser could count anew with each port named in the request.
        """
        login = credentials.get("email", credentials.get("username", ""))
        return f"{login.lower()} {self.get_client_ip(request)}"

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("With my password"),
            "mfa_reauthenticate": _("With a code of my app, or a recovery code"),
            "mfa_reauthenticate:webauthn": _("With my passkey"),
        }
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [way | {"description": words[way["id"]]} for way in ways]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        if self.request.user.is_authenticated:
            return reverse("account_email")
        return str(super().get_email_verification_redirect_url(email_address))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A letter that cannot leave is told of on the page, the same for every address, and breaks nothing else."""
        whole = {"email": email, "site_url": settings.SITE_URL, **context}
        try:
            self.render_mail(template_prefix, email, whole).send()
        except (OSError, SMTPException) as error:
            logger.error("A letter (%s) could not be sent: %s", template_prefix, type(error).__name__)
            if self.request is not None:
                text = _("We could not send the e-mail just now. Try again in a few minutes.")
                messages.error(self.request, text)


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """The second step: passkeys, codes of an app, recovery codes."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": gettext_lazy(
            "Your password is too short to stand alone. First change it to one of at least 15 characters."
        ),
        "cannot_generate_recovery_codes": gettext_lazy("First add a passkey or an app that shows codes."),
        "incorrect_code": WRONG_CODE,
    }

    def _get_site_name(self) -> str:
        return settings.SITE_NAME

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return may_remove(authenticator)

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}

    def build_totp_svg(self, url: str) -> str:
        return qr_code(url, _("A square code for the camera of your phone"))
