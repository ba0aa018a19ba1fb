"""Letters that the private wing sends. None of them names a medicine or whose list it is."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from .access import Access
from .models import Role
from .sharing_actions import invite, take_back

logger = logging.getLogger(__name__)


class LetterNotSentError(Exception):
    """The post office did not take the letter; what it was about has been taken back."""


def invite_by_letter(*, by: Access, email: str, role: Role) -> None:
    """An invitation, and the letter with its token once the invitation stands.

    Raises TooManyInvitationsError, and LetterNotSentError after taking the invitation back.
    """
    invitation, token = invite(by=by, email=email, role=role)
    context = {
        "inviter": by.user.email,
        "invitation": invitation,
        "site": settings.SITE_NAME,
        "address": settings.SITE_URL + reverse("invitation", args=[token]),
    }
    text = render_to_string("lists/email/invitation.txt", context)
    try:
        send_mail(_("An invitation to a medicine list"), text, None, [invitation.email])
    except (OSError, SMTPException) as error:
        logger.error("An invitation could not be sent: %s", type(error).__name__)  # which holds no address
        take_back(by=by, uid=invitation.uid)
        raise LetterNotSentError from error
