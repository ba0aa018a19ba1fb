"""What the pages of accounts need to know."""

from django import template
from django.conf import settings
from django.template import Context

from medguide.accounts.invitations import signup_is_open

register = template.Library()


@register.simple_tag(takes_context=True)
def may_sign_up(context: Context) -> bool:
    """Whether the reader may make an account."""
    return signup_is_open(context["request"])


@register.simple_tag
def can_mail() -> bool:
    """Whether this installation can send letters."""
    return bool(settings.CAN_MAIL)


@register.filter
def in_fours(secret: str) -> str:
    """A secret in groups that an eye can follow."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
