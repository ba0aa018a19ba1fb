"""Whose lists there are: all of them, starting one, what is known of a person, deleting and bringing back."""

from typing import Any, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medguide.medicine_lists import actions, people_actions
from medguide.medicine_lists.access import UNDO_FOR, Access, deleted_people_of
from medguide.medicine_lists.models import Person, Role
from medguide.medicine_lists.people_rows import invitations_to, lists_of
from medguide.medicine_lists.person_form import USUAL_ZONES, WholePersonForm, initial_of_person, what_stands_now
from monographs.models import Medicine

from ._person import SignedInRequest, address, for_person, kept_form, signed_in
from .lists import begin_adding, page

KEEP_DAYS = UNDO_FOR.days


@require_safe
@signed_in
def people(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    context = {
        "rows": lists_of(request.user),
        "deleted": deleted_people_of(request.user, now),
        "invitations": invitations_to(request.user, now),
    }
    return render(request, "lists/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def new_person(request: SignedInRequest) -> HttpResponse:
    """`?first=` is the slug of a medicine whose page led here: it is what the list begins with."""
    data = request.POST if request.method == "POST" else kept_form(request)
    if data is None:
        form = WholePersonForm(initial={"sent_as": uuid4(), "time_zone": settings.TIME_ZONE})
        return _new_form(request, form)
    form = WholePersonForm(data)
    if request.method != "POST" or not form.is_valid():
        return _new_form(request, form)
    try:
        person = people_actions.start_list(
            by=request.user,
            values=form.values(),
            allergies=form.allergy_rows(),
            contacts=form.contact_rows(),
            sent_as=form.cleaned_data["sent_as"] or uuid4(),
        )
    except Person.DoesNotExist:  # sent again after what it started was deleted: there it can be brought back
        return redirect("people")
    first = Medicine.objects.published().filter(slug=request.GET.get("first", "")).first()
    if first:
        return begin_adding(request, Access(request.user, person, Role.OWNER), name=first.name, meant=first.slug)
    return redirect("medicine_list_of", person=person.uid)


def _new_form(request: SignedInRequest, form: WholePersonForm) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "lists/person_new.html", {"form": form, "zones": USUAL_ZONES}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.EDITOR)
def edit_person(request: SignedInRequest, access: Access) -> HttpResponse:
    """Where somebody saved in between, what stands now is shown above what was typed."""
    data = request.POST if request.method == "POST" else kept_form(request)
    form = WholePersonForm(data, initial=initial_of_person(access.person))
    if request.method != "POST" or not form.is_valid():
        return _edit_form(request, access, form, 422 if form.is_bound and form.errors else 200)
    try:
        actions.change_person(
            by=access,
            read_version=form.cleaned_data["version"] or 0,
            values=form.values(),
            allergies=form.allergy_rows(),
            contacts=form.contact_rows(),
        )
    except actions.ConflictError as error:
        return _both(request, access, form, error)
    messages.success(request, _("Saved."))
    return redirect(address("medicine_list_of", access))


def _both(
    request: SignedInRequest, access: Access, form: WholePersonForm, error: actions.ConflictError
) -> HttpResponse:
    person = cast(Person, error.current)
    now = what_stands_now(form, person)
    if not now:  # the same was saved twice
        return redirect(address("medicine_list_of", access))
    form.add_error(None, _("Somebody else saved this while you wrote. Compare, change what is right, then save again."))
    data = QueryDict(mutable=True)
    data.update(request.POST)
    data["version"] = str(person.version)
    form.data = data
    return _edit_form(request, access, form, 409, stands_now=now)


def _edit_form(
    request: SignedInRequest, access: Access, form: WholePersonForm, status: int, **context: Any
) -> HttpResponse:
    context |= {"form": form, "zones": USUAL_ZONES}
    return page(request, access, "lists/person_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.OWNER)
def delete_person(request: SignedInRequest, access: Access) -> HttpResponse:
    """Asks first: the list vanishes for everybody."""
    if request.method == "POST":
        actions.delete_person(by=access)
        told = _("%(name)s's list is deleted. You can bring it back for %(days)d days.")
        messages.success(request, told % {"name": access.person.name, "days": KEEP_DAYS})
        return redirect("people")
    others = access.person.memberships.count() - 1
    return page(request, access, "lists/person_delete.html", {"others": others, "days": KEEP_DAYS})


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def restore_person(request: SignedInRequest, person: UUID) -> HttpResponse:
    if request.method != "POST":  # back from signing in again: the button is on the page of all lists
        return redirect("people")
    try:
        access = people_actions.bring_back(by=request.user, uid=person)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return redirect(address("medicine_list_of", access))
