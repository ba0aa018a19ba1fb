"""A list without an account, kept in the session of this browser. No name stands in an address."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medguide.medicine_lists import guest
from medguide.medicine_lists.guest_form import GuestMedicineForm, KeepListForm
from monographs.names import resolve

from ._person import SignedInRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def guest_list(request: HttpRequest) -> HttpResponse:
    """The list, and a form for one more. Whoever signed in has lists that last."""
    if request.user.is_authenticated:
        return redirect("people")
    return _add(request) if request.method == "POST" else _page(request, GuestMedicineForm())


def _page(request: HttpRequest, form: GuestMedicineForm) -> HttpResponse:
    kept = guest.guest_list_in(request.session)
    understood = guest.understood(kept)
    report = guest.report_of(understood)
    context: dict[str, Any] = {
        "form": form,
        "rows": list(zip(kept.medicines, understood.resolved, strict=True)),
        "serious": len(report.to_act_on) if report else 0,
    }
    return render(request, "lists/guest.html", context, status=422 if form.errors else 200)


def _add(request: HttpRequest) -> HttpResponse:
    """A name that is only near to some that we know is asked about first."""
    form = GuestMedicineForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    resolved = resolve(form.cleaned_data["name"])
    meant = request.POST.get("meant", "")
    if not resolved.medicine and resolved.choices:
        if meant not in {guest.NONE_OF_THESE, *(choice.slug for choice in resolved.choices)}:
            return render(request, "lists/guest_which.html", {"form": form, "resolved": resolved})
    else:
        meant = ""
    try:
        guest.add_for_guest(request.session, {**form.cleaned_data, "meant": meant})
    except guest.FullError:
        form.add_error("name", _("60 medicines are the most that fit here. With an account a list can be longer."))
        return _page(request, form)
    messages.success(request, _("%(name)s is on the list.") % {"name": form.cleaned_data["name"]})
    return redirect("guest_list")


@require_POST
@never_cache
def remove_from_guest_list(request: HttpRequest) -> HttpResponse:
    guest.remove_for_guest(request.session, request.POST.get("medicine", ""))
    return redirect("guest_list")


@require_safe
@never_cache
def guest_check(request: HttpRequest) -> HttpResponse:
    """The whole report on the guest's list."""
    report = guest.report_of(guest.understood(guest.guest_list_in(request.session)))
    return render(request, "lists/guest_check.html", {"report": report}) if report else redirect("guest_list")


@require_POST
@signed_in
def keep_guest_list(request: SignedInRequest) -> HttpResponse:
    """Signed in now: the list of before becomes one of theirs, or is thrown away."""
    if "throw-away" in request.POST:
        guest.forget_guest_list(request.session)
        messages.success(request, _("The list that you tried is gone."))
        return redirect("people")
    form = KeepListForm(request.POST)
    name = form.cleaned_data["name"] if form.is_valid() else _("Me")
    person = guest.move_guest_list(request, request.user, name=name)
    if person is None:
        return redirect("people")
    messages.success(request, _("The list is kept. Look at each medicine, and say when it is taken."))
    return redirect("medicine_list_of", person=person.uid)
