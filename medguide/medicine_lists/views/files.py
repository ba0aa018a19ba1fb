"""A list as a file, out and in. No file's name names a person or a medicine."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from medguide.medicine_lists import actions
from medguide.medicine_lists.access import Access
from medguide.medicine_lists.exports.as_csv import list_table
from medguide.medicine_lists.exports.as_json import list_data, to_bytes
from medguide.medicine_lists.exports.person_facts import NOTHING
from medguide.medicine_lists.exports.preview import SKIP, Preview, facts_of, rows_of, seal, to_add, unseal
from medguide.medicine_lists.exports.read import MOST_BYTES, FileError, Problem, read_file
from medguide.medicine_lists.import_actions import add_imported
from medguide.medicine_lists.models import Role, Verb

from ._person import address, for_person, kept_form
from .lists import page


class FileForm(forms.Form):
    """One file from the reader's device."""

    file = forms.FileField(label=gettext_lazy("The file"), help_text=gettext_lazy("CSV or JSON, at most 1 MB."))


def download(content: bytes, content_type: str, ending: str, *, what: str = "medicines") -> HttpResponse:
    """A file to keep, under a name that tells nothing but its day."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{what}-{timezone.localdate().isoformat()}.{ending}"'
    return response


@require_safe
@for_person()
def export_csv(request: HttpRequest, access: Access) -> HttpResponse:
    actions.record(by=access, verb=Verb.EXPORTED)
    return download(list_table(access), "text/csv; charset=utf-8", "csv")


@require_safe
@for_person()
def export_json(request: HttpRequest, access: Access) -> HttpResponse:
    actions.record(by=access, verb=Verb.EXPORTED)
    return download(to_bytes(list_data(access, now=timezone.now())), "application/json", "json")


@require_http_methods(["GET", "HEAD", "POST"])
@for_person(Role.EDITOR)
def import_list(request: HttpRequest, access: Access) -> HttpResponse:
    """First a file; then what it would do, row by row; then what was chosen is put on the list."""
    data = request.POST if request.method == "POST" else kept_form(request)
    try:
        if data and "sealed" in data:
            return _decided(request, access, data)
        if request.method == "POST":
            return _looked_through(request, access)
    except FileError as error:
        form = FileForm(request.POST, request.FILES)
        form.errors.clear()
        form.add_error("file", str(error))
        return page(request, access, "lists/import.html", {"form": form}, status=422)
    return page(request, access, "lists/import.html", {"form": FileForm()})


def _looked_through(request: HttpRequest, access: Access) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, access, "lists/import.html", {"form": form}, status=422)
    reading = read_file(form.cleaned_data["file"].read(MOST_BYTES + 1))
    there_is = bool(reading.proposed or reading.about != NOTHING)
    preview = Preview(rows_of(access, reading), seal(access, reading) if there_is else "", facts_of(access, reading))
    return _preview(request, access, preview, reading.problems)


def _decided(request: HttpRequest, access: Access, data: Mapping[str, Any]) -> HttpResponse:
    number, reading = unseal(access, data["sealed"])
    preview = Preview(rows_of(access, reading, data), data["sealed"], facts_of(access, reading, data))
    if request.method != "POST" or not preview.is_answered:
        return _preview(request, access, preview, (), status=422 if request.method == "POST" else 200)
    chosen = [fact.key for fact, is_ticked in preview.facts if is_ticked]
    added = add_imported(by=access, rows=to_add(number, preview.rows), about=reading.about, facts=chosen)
    left_out = sum(row.chosen == SKIP for row in preview.rows)
    messages.success(request, _words(added, left_out, len(chosen)))
    return redirect(address("medicine_list_of", access))


def _words(added: int, left_out: int, facts: int) -> str:
    said = ngettext("%(n)d medicine was added.", "%(n)d medicines were added.", added) % {"n": added}
    if left_out:
        said += " " + ngettext("%(n)d was left out.", "%(n)d were left out.", left_out) % {"n": left_out}
    if facts:
        more = ngettext(
            "%(n)d fact about the person was taken over.", "%(n)d facts about the person were taken over.", facts
        )
        said += " " + more % {"n": facts}
    return said


def _preview(
    request: HttpRequest, access: Access, preview: Preview, problems: tuple[Problem, ...], status: int = 200
) -> HttpResponse:
    context = {
        "preview": preview,
        "problems": problems,
        "missing": [row for row in preview.rows if status == 422 and (row.error or not row.chosen)],
    }
    return page(request, access, "lists/import_preview.html", context, status=status)
