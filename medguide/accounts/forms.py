"""allauth's forms in our words: labels and hints that a reader needs, one password box, no placeholders."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account import forms as account
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .adapter import MFAAdapter
from .invitations import invited_email
from .models import User
from .passwords import least_length

LONGEST_PASSWORD = 1000  # a hash is made of all of it


def _word(form: forms.Form, name: str, label: str, hint: str = "", **attrs: str) -> None:
    """Give a field its label, its hint and its attributes; boxes show no text of their own."""
    field = form.fields[name]
    field.label, field.help_text = label, hint
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attrs)
    if "maxlength" in attrs:
        field.validators.append(MaxLengthValidator(int(attrs["maxlength"])))


def _email(form: forms.Form, name: str = "email", hint: str = "", autocomplete: str = "email") -> None:
    attrs = {"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
    _word(form, name, _("E-mail address"), hint, **attrs)


def _code(form: forms.Form, label: str, hint: str, inputmode: str = "text") -> None:
    attrs = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
    _word(form, "code", label, hint, inputmode=inputmode, **attrs)


def _new_password(form: forms.Form, user: User | None, label: str) -> None:
    """One box that can be shown, in the place of two that cannot."""
    least = least_length(user)
    hint = ngettext(
        "At least %(least)d character. Three or four words that do not belong together are easy to keep in mind.",
        "At least %(least)d characters. Three or four words that do not belong together are easy to keep in mind.",
        least,
    ) % {"least": least}
    _word(form, "password1", label, hint, autocomplete="new-password", maxlength=str(LONGEST_PASSWORD))
    form.fields.pop("password2", None)


class LoginForm(account.LoginForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _email(self, "login", autocomplete="username")
        _word(self, "password", _("Password"), maxlength=str(LONGEST_PASSWORD))
        days = settings.SESSION_COOKIE_AGE // 86_400
        _word(self, "remember", _("Stay signed in here for %(days)d days") % {"days": days})
        self.fields["remember"].help_text = _("Only on a device that nobody else uses.")


class SignupForm(account.SignupForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _email(self, hint=_("We send a code there, to see that it is yours."), autocomplete="username")
        _new_password(self, None, _("Choose a password"))
        self.invited = invited_email(context.request) if settings.SIGNUP == "invited" else None
        if self.invited:
            self.fields["email"].initial = self.invited

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if settings.SIGNUP == "invited" and email != self.invited:
            raise forms.ValidationError(_("Use the address that your invitation was sent to."))
        return email


class ResetPasswordForm(account.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _email(self, autocomplete="username")


class ResetPasswordKeyForm(account.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self, self.user, _("Your new password"))


class ChangePasswordForm(account.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "oldpassword", _("The password you use now"))
        _new_password(self, self.user, _("Your new password"))


class SetPasswordForm(account.SetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _new_password(self, self.user, _("Your new password"))


class AddEmailForm(account.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _email(self, hint=_("We send a code there. Until you type it, the old address stays."))
        self.fields["email"].label = _("New e-mail address")


class ReauthenticateForm(account.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "password", _("Password"), maxlength=str(LONGEST_PASSWORD))


class ConfirmEmailCodeForm(account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, _("Code from the e-mail"), _("Eight letters. Big or small does not matter."))


class ConfirmResetCodeForm(account.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, _("Code from the e-mail"), _("Eight letters. Big or small does not matter."))


def _second_step(form: forms.Form) -> None:
    hint = _("Six digits from your app, or one of your recovery codes.")
    _code(form, _("Code"), hint)


class AuthenticateForm(mfa.AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _second_step(self)


class MFAReauthenticateForm(mfa.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _second_step(self)


class ActivateTOTPForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code(self, _("Code that the app shows now"), _("Six digits."), inputmode="numeric")


@contextmanager
def _nonsense_refused() -> Iterator[None]:
    """fido2 stumbles over answers that no browser gives, in many ways."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise forms.ValidationError(str(MFAAdapter.error_messages["incorrect_code"])) from error


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """Passkeys only: a key that knows its owner, by a finger, a face or a PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("So that you know it again, such as: my phone.")
        _word(self, "name", _("Name"), hint, maxlength="100", autocomplete="off")
        del self.fields["passwordless"]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data["passwordless"] = True
        with _nonsense_refused():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class LoginPasskeyForm(webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Authenticator:
        with _nonsense_refused():
            return super().clean_credential()


class AuthenticatePasskeyForm(webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Authenticator:
        with _nonsense_refused():
            return super().clean_credential()


class ReauthenticatePasskeyForm(webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    def clean_credential(self) -> Authenticator:
        with _nonsense_refused():
            return super().clean_credential()


class EditPasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, "name", _("Name"), maxlength="100", autocomplete="off")
