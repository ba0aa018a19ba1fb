"""Links for a doctor or a hospital: making one, its own page, ending it; and the page that it opens."""

import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from medguide.medicine_lists import share_link_actions
from medguide.medicine_lists.access import Access
from medguide.medicine_lists.history import zone_of
from medguide.medicine_lists.models import Role, ShareLink
from medguide.medicine_lists.one_page import about
from medguide.medicine_lists.rows import rows_of
from medguide.medicine_lists.share_link_form import ShareLinkForm, new_nonce
from medguide.medicine_lists.share_link_rows import moment, row_of
from medguide.medicine_lists.shared_list import shared_list
from medguide.qr_code import qr_code

from ._person import SignedInRequest, address, for_person, kept_form
from .lists import everything, page
from .sharing import proven_again

# In the session, for as long as the address can be shown: {"link", "seed", "until"}. A token is computed from its seed
# with the secret key, so what the database holds opens nothing.
MADE = "made_link"
SHOWN_FOR = datetime.timedelta(minutes=30)
GUARDS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}


# --- For owners -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.OWNER)
@proven_again
def new_link(request: SignedInRequest, access: Access) -> HttpResponse:
    now = timezone.now()
    statements, checked = everything(access)
    data = request.POST if request.method == "POST" else kept_form(request)
    form = ShareLinkForm(data, rows=rows_of(statements, now=now))
    if request.method == "POST" and form.is_valid() and (link := _made(request, access, form, now)):
        return redirect(address("share_link", access, link=link.uid))
    made = _made_lately(request, now)
    working = access.person.share_links.working(now)
    just_made = working.filter(uid=made["link"]).first() if made else None
    context = {"form": form, "checked": checked, "just_made": just_made}
    status = 422 if form.is_bound and form.errors else 200
    return page(request, access, "lists/share_link_new.html", context, status=status)


def _made(request: SignedInRequest, access: Access, form: ShareLinkForm, now: datetime.datetime) -> ShareLink | None:
    """The link, whose address this browser can be shown for a while; None where the form says why there is none."""
    sent = form.cleaned_data
    choices = [sent["label"], sent["lasts"], sorted(sent["shows"]), sorted(sent["left_out"])]
    seed = share_link_actions.seed_of(by=access, nonce=sent["nonce"] or new_nonce(), choices=choices)
    try:
        link = share_link_actions.make_link(
            by=access,
            token=share_link_actions.token_of(seed),
            label=sent["label"],
            days=int(sent["lasts"]),
            shows=form.parts(),
            left_out=form.statements_left_out(),
            now=now,
        )
    except share_link_actions.TooManyLinksError:
        form.add_error(None, _("So many links work already. End one that nobody needs, then make this one."))
        return None
    request.session[MADE] = {"link": str(link.uid), "seed": seed, "until": (now + SHOWN_FOR).timestamp()}
    return link


@require_safe
@for_person(Role.OWNER)
def share_link(request: SignedInRequest, access: Access, link: UUID) -> HttpResponse:
    """What one link shows, how often it was opened; and its address, for a while after it was made."""
    now = timezone.now()
    found = access.person.share_links.get(uid=link)
    row = row_of(found, zone_of(access.person), now)
    context: dict[str, Any] = {"row": row, "left_out": list(found.left_out.in_order())}
    made = _made_lately(request, now)
    if row.is_working and made.get("link") == str(found.uid):
        token = share_link_actions.token_of(made["seed"])
        context["address"] = settings.SITE_URL + reverse("shared", args=[token])
        context["code"] = qr_code(context["address"], _("A square code for the camera of a phone"))
    return page(request, access, "lists/share_link.html", context)


def _made_lately(request: HttpRequest, now: datetime.datetime) -> dict[str, Any]:
    """What MADE holds, until its time is over; then it is forgotten."""
    made: dict[str, Any] = request.session.get(MADE, {})
    if made and not now.timestamp() < made["until"] <= (now + SHOWN_FOR).timestamp():
        del request.session[MADE]
        return {}
    return made


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.OWNER)
@proven_again
def end_link(request: SignedInRequest, access: Access, link: UUID) -> HttpResponse:
    """Asks, then ends it, at once."""
    now = timezone.now()
    if request.method != "POST":
        found = access.person.share_links.get(uid=link)
        return page(request, access, "lists/share_link_end.html", {"row": row_of(found, zone_of(access.person), now)})
    share_link_actions.end_link(by=access, uid=link, now=now)
    messages.success(request, _("The link is ended. Its address opens nothing any more."))
    return redirect(address("sharing", access))


# --- For whoever has the address --------------------------------------------------------------------------


@never_cache
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """The list as one page. Without account, cookie or session; a question by HEAD is not counted as an opening."""
    now = timezone.now()
    try:
        link = share_link_actions.open_link(token=token, now=now, is_counted=request.method == "GET")
        response = render(request, "lists/shared.html", _sheet(link, now))
    except ShareLink.DoesNotExist:
        response = render(request, "lists/shared_gone.html", status=404)
    for name, value in GUARDS.items():
        response.headers[name] = value
    return response


def _sheet(link: ShareLink, now: datetime.datetime) -> dict[str, Any]:
    found = shared_list(link, now=now)
    return {
        **about(found.person, found.shows),
        "not_shown": found.not_shown,
        "with_all_stopped": True,
        "until": moment(link.expires_at, found.zone),
        "read_at": moment(now, found.zone),
        "checked": found.checked,
        "today": found.today,
        "list": found.sheet,
    }
