"""The page that the letter of an invitation leads to."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from medguide.accounts.invitations import INVITED_EMAIL, signup_is_open
from medguide.medicine_lists.access import Access
from medguide.medicine_lists.models import Invitation
from medguide.medicine_lists.sharing_actions import accept, accept_own, open_invitation

from ._person import SignedInRequest, address, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What it is; how to sign in for it; or, for the right address, a button that accepts."""
    try:
        found = open_invitation(token, timezone.now())
        response = _answer(request, found, token)
    except Invitation.DoesNotExist:
        response = render(request, "lists/invitation_gone.html", status=404)
    # The token stands in the address: it leaves with no Referer. A form sent from a page with "no-referrer" has the
    # Origin "null", which is refused as forged; with "strict-origin" it has the site's, and no address either.
    response["Referrer-Policy"] = "strict-origin" if request.user.is_authenticated else "no-referrer"
    return response


def _answer(request: HttpRequest, found: Invitation, token: str) -> HttpResponse:
    user = request.user
    if not user.is_authenticated:
        request.session[INVITED_EMAIL] = found.email
        context = {"invitation": found, "can_sign_up": signup_is_open(request)}
        return render(request, "lists/invitation_signed_out.html", context)
    if user.email.lower() != found.email:
        status = 404 if request.method == "POST" else 200
        return render(request, "lists/invitation_wrong.html", {"needed": masked(found.email)}, status=status)
    if request.method == "POST":
        return _welcome(request, accept(user=user, token=token))
    return render(request, "lists/invitation.html", {"invitation": found, "person": found.person})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def accept_invitation(request: SignedInRequest, invitation: UUID) -> HttpResponse:
    """From the page of all lists: whoever signed in with the address has proven that it is theirs."""
    if request.method != "POST":
        return redirect("people")
    try:
        return _welcome(request, accept_own(user=request.user, uid=invitation))
    except ObjectDoesNotExist as error:
        raise Http404 from error


def _welcome(request: HttpRequest, access: Access) -> HttpResponse:
    messages.success(request, _("You can now see %(name)s's list.") % {"name": access.person.name})
    return redirect(address("medicine_list_of", access))


def masked(email: str) -> str:
    """j…@example.org: enough for whoever has several addresses, too little for whoever found the letter."""
    name, _at, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"
