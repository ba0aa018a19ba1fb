"""The pages of accounts that django-allauth does not have."""

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .adapter import MFAAdapter
from .second_step import has_second_step, may_remove


@require_safe
@never_cache
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """My account: where everything about signing in is found."""
    return render(request, "account/account.html", {"has_second_step": has_second_step(request.user)})


@require_POST
@login_required
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    """Sign out one of my devices."""
    get_object_or_404(UserSession, pk=session, user=request.user).end()
    messages.success(request, _("That device is signed out."))
    return redirect("usersessions_list")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def remove_passkey(request: HttpRequest, pk: int) -> HttpResponseBase:
    """allauth's page, but for the last second step beside a password that is too short to stand alone."""
    passkey = get_object_or_404(Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN)
    if not may_remove(passkey):
        messages.error(request, MFAAdapter.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_index")
    answer: HttpResponseBase = remove_webauthn(request, pk=pk)
    return answer


@never_cache
def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Whoever asks too often is told to wait. allauth sends people here."""
    return render(request, "errors/429.html", status=429)
