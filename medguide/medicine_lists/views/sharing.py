"""Who may see a list: members, roles, invitations, what is hidden from whom; leaving."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from medguide.medicine_lists import people_actions, sharing_actions
from medguide.medicine_lists.access import Access
from medguide.medicine_lists.forms import InviteForm
from medguide.medicine_lists.history import zone_of
from medguide.medicine_lists.letters import LetterNotSentError, invite_by_letter
from medguide.medicine_lists.models import Hidden, Membership, Role
from medguide.medicine_lists.share_link_rows import rows_of_links

from ._person import SignedInRequest, address, for_person, kept_form
from .lists import page

HOW_HIDDEN = [
    ("", gettext_lazy("They see all of it")),
    (Hidden.What.NOTE.value, gettext_lazy("They see it without its note")),
    (Hidden.What.MEDICINE.value, gettext_lazy("They do not see it at all")),
]


def proven_again(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Who changes the sharing proves again that it is they, unless they did a few minutes ago.

    It stands behind for_person: for a stranger the page is not there, whatever they prove.
    """
    guarded: Callable[..., HttpResponse] = reauthentication_required(view, enabled=_is_sent)
    return guarded


def _is_sent(request: HttpRequest) -> bool:
    return request.method == "POST"


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.OWNER)
@proven_again
def sharing(request: SignedInRequest, access: Access) -> HttpResponse:
    """Who has a place at the list, which letters are under way, and a form that sends one."""
    form = InviteForm(request.POST if request.method == "POST" else kept_form(request))
    if request.method == "POST" and form.is_valid() and _invited(access, form):
        told = _("An e-mail is on its way to %(email)s.")
        messages.success(request, told % {"email": form.cleaned_data["email"]})
        return redirect(address("sharing", access))
    return _sharing_page(request, access, form, 422 if form.is_bound and form.errors else 200)


def _invited(access: Access, form: InviteForm) -> bool:
    """Whether the letter went out; if not, the form says why."""
    email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
    if access.person.members.filter(email__iexact=email).exists():
        form.add_error("email", _("This one may see the list already. Change above what they may do."))
        return False
    try:
        invite_by_letter(by=access, email=email, role=role)
    except sharing_actions.TooManyInvitationsError:
        form.add_error(None, _("So many invitations are under way. Take some back, or wait until tomorrow."))
    except LetterNotSentError:
        form.add_error(None, _("The e-mail could not be sent, and nobody was invited. Try again in a few minutes."))
    return not form.errors


def _sharing_page(
    request: SignedInRequest, access: Access, form: InviteForm, status: int = 200, **context: Any
) -> HttpResponse:
    now = timezone.now()
    links = rows_of_links(access.person.share_links.all(), zone_of(access.person), now)
    context |= {
        "form": form,
        "links": [row for row in links if row.is_working],
        "ended_links": [row for row in links if not row.is_working],
        "members": access.person.memberships.select_related("user"),
        "invitations": access.person.invitations.open(now),
        "roles": Role.choices,
    }
    return page(request, access, "lists/sharing.html", context, status=status)


def _needs_an_owner(request: SignedInRequest, access: Access) -> HttpResponse:
    problem = _("A list has at least one owner. First make somebody else an owner.")
    return _sharing_page(request, access, InviteForm(), 409, problem=problem)


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.OWNER)
@proven_again
def change_role(request: SignedInRequest, access: Access, user: int) -> HttpResponse:
    if request.method != "POST":  # back from signing in again: the form is on the page of sharing
        return redirect(address("sharing", access))
    if request.POST.get("role") not in Role.values:
        raise Http404
    try:
        sharing_actions.change_role(by=access, user_id=user, role=Role(request.POST["role"]))
    except sharing_actions.LastOwnerError:
        return _needs_an_owner(request, access)
    messages.success(request, _("Saved."))
    return redirect(address("medicine_list_of" if user == request.user.pk else "sharing", access))


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.OWNER)
@proven_again
def end_access(request: SignedInRequest, access: Access, user: int) -> HttpResponse:
    """Asks, then ends the access of one member, at once."""
    member = _member(access, user)
    if member.user == request.user:
        return redirect(address("leave", access))
    if request.method != "POST":
        return page(request, access, "lists/end_access.html", {"member": member})
    try:
        sharing_actions.revoke(by=access, user_id=user)
    except sharing_actions.LastOwnerError:
        return _needs_an_owner(request, access)
    messages.success(request, _("%(email)s can no longer see the list.") % {"email": member.user.email})
    return redirect(address("sharing", access))


def _member(access: Access, user: int) -> Membership:
    member: Membership = access.person.memberships.select_related("user").get(user_id=user)
    return member


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.OWNER)
@proven_again
def take_back(request: SignedInRequest, access: Access, invitation: UUID) -> HttpResponse:
    if request.method == "POST":
        sharing_actions.take_back(by=access, uid=invitation)
        messages.success(request, _("The invitation is taken back. The link in its e-mail no longer works."))
    return redirect(address("sharing", access))


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.OWNER)
@proven_again
def hidden(request: SignedInRequest, access: Access, user: int) -> HttpResponse:
    """What one member does not see: whole medicines, or their notes."""
    member = _member(access, user)
    if member.role == Role.OWNER:
        raise Http404
    statements = list(access.statements.kept().in_order().prefetch_related("hidden_from"))
    if request.method == "POST":
        sent = {one.uid: request.POST.get(f"hide-{one.uid}") for one in statements}
        choices = {uid: Hidden.What(what) if what else None for uid, what in sent.items() if what in dict(HOW_HIDDEN)}
        people_actions.hide_several(by=access, user_id=user, choices=choices)
        messages.success(request, _("Saved."))
        return redirect(address("sharing", access))
    now = [(one, next((row.what for row in one.hidden_from.all() if row.user_id == user), "")) for one in statements]
    return page(request, access, "lists/hidden.html", {"member": member, "statements": now, "how": HOW_HIDDEN})


@require_http_methods(["GET", "HEAD", "POST"])
@for_person()
def leave(request: SignedInRequest, access: Access) -> HttpResponse:
    """Give up one's own place. The last owner hands over or deletes instead."""
    if request.method == "POST":
        try:
            sharing_actions.leave(by=access)
        except sharing_actions.LastOwnerError:
            return page(request, access, "lists/leave.html", {"is_last_owner": True}, status=409)
        messages.success(request, _("You no longer see %(name)s's list.") % {"name": access.person.name})
        return redirect("people")
    owners = access.person.memberships.filter(role=Role.OWNER).count()
    return page(request, access, "lists/leave.html", {"is_last_owner": access.can_manage and owners < 2})
