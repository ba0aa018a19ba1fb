"""A person's list, its check, and the medicines on it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from medguide.medicine_lists import actions
from medguide.medicine_lists.access import UNDO_FOR, Access
from medguide.medicine_lists.check_list import ListReport, check_list
from medguide.medicine_lists.conflicts import differences
from medguide.medicine_lists.forms import NameForm, StatementForm, StatusForm, initial_of, uuid_or_none
from medguide.medicine_lists.models import MedicationStatement, Role, Status, Verb
from medguide.medicine_lists.rows import rows_of
from medguide.medicine_lists.schedules import Schedule
from monographs.models import Medicine, Monograph
from monographs.names import Resolved, resolve

from ._person import address, for_person, kept_form

NONE_OF_THESE = "none"
ADDING = "adding"  # in the session: {"person", "name", "meant", "sent_as"}
# For what is only ever sent. Who had to sign in first comes back by GET, and is shown a page that can be read.
SENT = ["GET", "HEAD", "POST"]


def everything(access: Access) -> tuple[list[MedicationStatement], ListReport]:
    """All that stands on the list, and the check of what is taken now."""
    statements = list(access.statements.kept().in_order().with_library())
    return statements, check_list(access, [one for one in statements if one.is_taken])


def page(
    request: HttpRequest, access: Access, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page of this person's list, with the check on it."""
    if "checked" not in context:
        context["checked"] = everything(access)[1]
    return render(request, template, {"access": access, "person": access.person, **context}, status=status)


@require_safe
@for_person()
def medicine_list(request: HttpRequest, access: Access) -> HttpResponse:
    statements, checked = everything(access)
    now = timezone.now()
    actions.record_look(by=access, verb=Verb.LOOKED, now=now)
    rows = rows_of(statements, now=now)
    deleted = access.statements.deleted().filter(deleted_at__gt=now - UNDO_FOR) if access.can_change else []
    return page(
        request,
        access,
        "lists/list.html",
        {
            "checked": checked,
            "taking": [row for row in rows if row.is_taken and not row.is_as_needed],
            "as_needed": [row for row in rows if row.is_taken and row.is_as_needed],
            "paused": [row for row in rows if row.statement.status == Status.PAUSED],
            "stopped": [row for row in rows if row.statement.status == Status.STOPPED],
            "deleted": deleted,
            "unconfirmed": [row for row in rows if row.is_stale],
        },
    )


@require_safe
@for_person()
def list_check(request: HttpRequest, access: Access) -> HttpResponse:
    """The whole report. Questions to print are the same page's with `?questions`."""
    _statements, checked = everything(access)
    template = "lists/questions.html" if "questions" in request.GET else "lists/check.html"
    return page(request, access, template, {"checked": checked})


@require_http_methods(SENT)
@for_person(Role.EDITOR)
def know_finding(request: HttpRequest, access: Access) -> HttpResponse:
    """ "My prescriber knows", or that taken back."""
    if request.method != "POST":
        return redirect(address("list_check", access))
    _statements, checked = everything(access)
    found = {one.key: one for one in (*checked.open, *checked.known)}.get(request.POST.get("key", ""))
    wanted = request.POST.get("known") == "1"
    if found and found.known and not wanted:
        actions.reopen_finding(by=access, key=found.key)
    elif found and wanted and not found.known:
        actions.know_finding(by=access, key=found.key, fingerprint=found.fingerprint)
    return redirect(address("list_check", access))


# --- One medicine -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.EDITOR)
def add(request: HttpRequest, access: Access) -> HttpResponse:
    """First the name alone; then, once it is clear which medicine that is, all the rest.

    What is being added waits in the session between two steps, so that a browser can go back to each of them.
    """
    data = request.POST if request.method == "POST" else kept_form(request)
    if data is not None and "sent_as" in data:
        return _add_whole(request, access, data)
    if data is not None:
        form = NameForm(data)
        if not form.is_valid():
            return page(request, access, "lists/add_name.html", {"form": form}, status=422)
        return begin_adding(request, access, name=form.cleaned_data["name"], meant=data.get("meant", ""))
    step = request.session.get(ADDING, {})
    if "new" in request.GET or step.get("person") != str(access.person.uid):
        return page(request, access, "lists/add_name.html", {"form": NameForm()})
    return _next_step(request, access, step)


def begin_adding(request: HttpRequest, access: Access, *, name: str, meant: str) -> HttpResponse:
    """To the second step. Nothing stands on the list yet."""
    step = {"person": str(access.person.uid), "name": name, "meant": meant, "sent_as": str(uuid4())}
    request.session[ADDING] = step
    return redirect(address("add_statement", access))


def _next_step(request: HttpRequest, access: Access, step: Mapping[str, str]) -> HttpResponse:
    """Which one is it, where that is not clear; else the whole form."""
    resolved = resolve(step["name"])
    meant = step["meant"] or (resolved.medicine.slug if resolved.medicine else "")
    if not meant and resolved.choices:
        return page(request, access, "lists/add_which.html", {"resolved": resolved})
    medicine = _chosen(resolved, meant)
    said = {"name": step["name"], "meant": medicine.slug if medicine else NONE_OF_THESE, "sent_as": step["sent_as"]}
    whole = StatementForm(initial={**said, "when": ""}, once_a_week=_is_weekly(medicine))
    return _form_to_add(request, access, whole, medicine)


def _form_to_add(request: HttpRequest, access: Access, form: StatementForm, medicine: Medicine | None) -> HttpResponse:
    before, already = _stopped_before(access, medicine), already_on(access, medicine)
    return _whole_form(request, access, "lists/add.html", form, medicine, before=before, already=already)


def _chosen(resolved: Resolved, meant: str) -> Medicine | None:
    """The medicine that the person says it is, only where that name could mean it."""
    offered = {choice.slug for choice in resolved.choices} | ({resolved.medicine.slug} if resolved.medicine else set())
    return Medicine.objects.published().filter(slug=meant).first() if meant in offered else None


def _is_weekly(medicine: Medicine | None) -> bool:
    """Whether its page says that taking it every day by mistake has killed. Others are weekly in one form only."""
    return medicine is not None and any(
        "never-daily" in page.tags for page in Monograph.objects.filter(medicine=medicine)
    )


def _stopped_before(access: Access, medicine: Medicine | None) -> list[MedicationStatement]:
    """What was stopped and holds the same ingredient: said when it is added again."""
    if medicine is None:
        return []
    same = access.statements.kept().filter(status=Status.STOPPED, medicine__ingredients__in=medicine.ingredients.all())
    return list(same.distinct())


def already_on(access: Access, medicine: Medicine | None) -> list[MedicationStatement]:
    """This medicine where it is taken or paused: said before it is added a second time."""
    if medicine is None:
        return []
    return list(access.statements.kept().filter(medicine=medicine).exclude(status=Status.STOPPED))


def _whole_form(
    request: HttpRequest,
    access: Access,
    template: str,
    form: StatementForm,
    medicine: Medicine | None,
    **context: Any,
) -> HttpResponse:
    status = 422 if form.is_bound and form.errors else 200
    return page(request, access, template, {"form": form, "medicine": medicine, **context}, status=status)


def _add_whole(request: HttpRequest, access: Access, data: Any) -> HttpResponse:
    medicine = _chosen(resolve(data.get("name", "")), data.get("meant", ""))
    form = StatementForm(data, once_a_week=_is_weekly(medicine))
    if request.method != "POST" or not form.is_valid():
        return _form_to_add(request, access, form, medicine)
    values = {**form.values(), "medicine": medicine}
    statement = actions.add_statement(by=access, values=values, sent_as=form.cleaned_data["sent_as"])
    request.session.pop(ADDING, None)
    messages.success(request, _("%(name)s is on the list.") % {"name": statement.name})
    return redirect(address("medicine_list_of", access))


@require_safe
@for_person()
def statement(request: HttpRequest, access: Access, statement: UUID) -> HttpResponse:
    """Everything that is known of one medicine of the list, and what can be done."""
    found = access.statement(statement)
    row = rows_of([found], now=timezone.now())[0]
    return page(request, access, "lists/statement.html", {"row": row, "statement": found})


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.EDITOR)
def edit(request: HttpRequest, access: Access, statement: UUID) -> HttpResponse:
    """Change a medicine. Where somebody saved in between, both are shown and the person chooses."""
    found = access.statement(statement)
    note_hidden = access.hides_note(found)
    data = request.POST if request.method == "POST" else kept_form(request)
    shown: dict[str, Any] = {
        "initial": initial_of(found),
        "note_hidden": note_hidden,
        "stored": Schedule.from_data(found.schedule),
    }
    if data is None:
        form = StatementForm(**shown, once_a_week=_is_weekly(found.medicine))
        return _whole_form(request, access, "lists/edit.html", form, found.medicine, statement=found)
    medicine = _medicine_after(found, data)
    form = StatementForm(data, **shown, once_a_week=_is_weekly(medicine))
    if request.method != "POST" or not form.is_valid():
        return _whole_form(request, access, "lists/edit.html", form, medicine, statement=found)
    answers = {field: data.get(f"choose-{field}") for field in form.values()}
    values = {**form.values(), "medicine": medicine}
    if answers["name"] == "theirs":
        values["medicine"] = found.medicine
    values = {field: value for field, value in values.items() if answers.get(field) != "theirs"}
    try:
        actions.change_statement(
            by=access, uid=found.uid, read_version=form.cleaned_data["version"] or 0, values=values
        )
    except actions.ConflictError as error:
        return _choose(request, access, form, access.statement(found.uid), values, error.before)
    messages.success(request, _("Saved."))
    return redirect(address("statement", access, statement=found.uid))


def _medicine_after(found: MedicationStatement, data: Any) -> Medicine | None:
    """The same medicine while its name stands; a new name is looked up as if it were added."""
    if data.get("name", "").strip() == found.name:
        return found.medicine
    resolved = resolve(data.get("name", ""))
    return _chosen(resolved, resolved.medicine.slug) if resolved.medicine else None


def _choose(
    request: HttpRequest,
    access: Access,
    form: StatementForm,
    current: MedicationStatement,
    mine: dict[str, Any],
    before: Mapping[str, str],
) -> HttpResponse:
    """Both states, field by field; what only one of the two changed is chosen already."""
    fields = differences(current, mine, before)
    if not fields:  # the same was saved twice, by a hasty finger or by two people
        return redirect(address("statement", access, statement=current.uid))
    return page(
        request,
        access,
        "lists/choose.html",
        {"form": form, "fields": fields, "statement": current},
        status=409,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.EDITOR)
def status(request: HttpRequest, access: Access, statement: UUID) -> HttpResponse:
    """Pause, stop, start again."""
    found = access.statement(statement)
    initial = {"status": found.status, "since": timezone.localdate(), "version": found.version}
    data = request.POST if request.method == "POST" else kept_form(request)
    form = StatusForm(data, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = {key: form.cleaned_data[key] for key in ("since", "said_by", "why", "was_side_effect")}
        try:
            actions.set_status(
                by=access,
                uid=found.uid,
                read_version=form.cleaned_data["version"],
                status=Status(form.cleaned_data["status"]),
                **said,
            )
        except actions.ConflictError:
            if _stands_so(access.statement(found.uid), form):
                return redirect(address("statement", access, statement=found.uid))
            form.add_error(
                None, _("Somebody else changed this medicine while you were here. Look at it, then send again.")
            )
            form.data = dict(form.data.items()) | {"version": found.version}
        else:
            return redirect(address("statement", access, statement=found.uid))
    context = {"form": form, "statement": found}
    return page(request, access, "lists/status.html", context, status=422 if form.is_bound and form.errors else 200)


def _stands_so(statement: MedicationStatement, form: StatusForm) -> bool:
    """Whether the same was saved already, a moment ago."""
    said = form.cleaned_data
    fields = {"status": "status", "since": "status_since", "said_by": "status_said_by", "why": "status_why"}
    same = all(getattr(statement, field) == said[name] for name, field in fields.items())
    return same and statement.was_side_effect == said["was_side_effect"]


@require_http_methods(SENT)
@for_person(Role.EDITOR)
def confirm(request: HttpRequest, access: Access) -> HttpResponse:
    """ "This is right, today": of one medicine, or of all that are named."""
    if request.method != "POST":
        return redirect(address("medicine_list_of", access))
    uids = [uid for text in request.POST.getlist("statement") if (uid := uuid_or_none(text))]
    count = actions.confirm(by=access, uids=uids, now=timezone.now())
    if count:
        messages.success(request, _("Confirmed today."))
    return redirect(address("medicine_list_of", access))


@require_http_methods(SENT)
@for_person(Role.EDITOR)
def move(request: HttpRequest, access: Access, statement: UUID) -> HttpResponse:
    if request.method != "POST":
        return redirect(address("statement", access, statement=access.statement(statement).uid))
    actions.move(by=access, uid=access.statement(statement).uid, up="up" in request.POST)
    return redirect(f"{address('medicine_list_of', access)}#m-{statement}")


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.EDITOR)
def delete(request: HttpRequest, access: Access, statement: UUID) -> HttpResponse:
    """Asks first. Stopping is usually what is meant: a stopped medicine is remembered."""
    found = access.statement(statement)
    if request.method == "POST":
        actions.delete_statement(by=access, uid=found.uid)
        messages.success(request, _("Deleted. You can bring it back for 30 days."))
        return redirect(address("medicine_list_of", access))
    return page(request, access, "lists/delete.html", {"statement": found})


@require_http_methods(SENT)
@for_person(Role.EDITOR)
def restore(request: HttpRequest, access: Access, statement: UUID) -> HttpResponse:
    if request.method == "POST":
        actions.restore_statement(by=access, uid=statement)
    return redirect(address("medicine_list_of", access))
