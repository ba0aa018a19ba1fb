"""Everything of mine in one file; and the end of an account."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from medguide.medicine_lists import account_actions
from medguide.medicine_lists.account_form import DeleteAccountForm
from medguide.medicine_lists.exports.everything import everything_of

from ._person import SignedInRequest, signed_in
from .files import download


@require_safe
@signed_in
def download_everything(request: SignedInRequest) -> HttpResponse:
    return download(everything_of(request.user, now=timezone.now()), "application/zip", "zip", what="medguide")


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]  # allauth has no types
def delete_account(request: SignedInRequest) -> HttpResponse:
    """Says what becomes of each list, asks who is there and for the address, and then deletes."""
    form = DeleteAccountForm(request.POST or None, email=request.user.email)
    if request.method == "POST" and form.is_valid():
        return _deleted(request)
    fates = [one for one in account_actions.fates_of_lists(request.user) if one.is_theirs_to_know]
    context = {"form": form, "fates": fates}
    return render(request, "lists/delete_account.html", context, status=422 if form.errors else 200)


def _deleted(request: HttpRequest) -> HttpResponse:
    user = request.user
    logout(request)
    account_actions.delete_account(user=user)  # type: ignore[arg-type]
    return render(request, "lists/account_deleted.html")
