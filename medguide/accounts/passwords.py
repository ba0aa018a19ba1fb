"""The one rule about passwords that is ours: how long. Django refuses the common ones and those like the address."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import User
from .second_step import has_second_step

LEAST = 15
LEAST_WITH_SECOND_STEP = 8


def least_length(user: User | None) -> int:
    """How many characters a password of this user needs."""
    return LEAST_WITH_SECOND_STEP if user and user.pk and has_second_step(user) else LEAST


class LengthValidator:
    """15 characters, or 8 for those who have a second step: no other rule about what they are."""

    def validate(self, password: str, user: User | None = None) -> None:
        least = least_length(user)
        if len(password) < least:
            raise ValidationError(
                ngettext(
                    "Use at least %(least)d character.",
                    "Use at least %(least)d characters.",
                    least,
                )
                % {"least": least},
                code="password_too_short",
            )

    def get_help_text(self) -> str:
        return _("At least %(least)d characters.") % {"least": LEAST}
