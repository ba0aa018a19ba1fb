"""The history of a list, for its owners: to read and to take out."""

import csv

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from medguide.medicine_lists import actions
from medguide.medicine_lists.access import Access
from medguide.medicine_lists.exports.cells import safe_cell
from medguide.medicine_lists.history import found, lines, names_in
from medguide.medicine_lists.history_form import HistoryForm
from medguide.medicine_lists.history_words import HISTORY
from medguide.medicine_lists.models import Role, Verb

from ._person import SignedInRequest, address, for_person
from .lists import page

ON_A_PAGE = 50


@require_safe
@for_person(Role.OWNER)
def history(request: SignedInRequest, access: Access) -> HttpResponse:
    form = HistoryForm(request.GET, access=access)
    events = found(access, form.cleaned_data) if form.is_valid() else access.history.none()
    shown = Paginator(events, ON_A_PAGE).get_page(request.GET.get("page"))
    shown_events = list(shown.object_list)
    names = names_in(access, shown_events, reader_id=request.user.pk)
    context = {
        "form": form,
        "shown": shown,
        "lines": list(lines(access, shown_events, names)),
        "is_filtered": any(form.data.get(name) for name in form.fields),
    }
    return page(request, access, "lists/history.html", context, status=422 if form.errors else 200)


@require_safe
@for_person(Role.OWNER)
def history_export(request: SignedInRequest, access: Access) -> HttpResponse:
    """All that the page shows with these filters, as a table. "You" is spelled out: others may read the file."""
    form = HistoryForm(request.GET, access=access)
    if not form.is_valid():
        return redirect(f"{address('history', access)}?{request.GET.urlencode()}")
    events = list(found(access, form.cleaned_data))
    names = names_in(access, events, reader_id=None)
    day = timezone.localdate().isoformat()
    headers = {"Content-Disposition": f'attachment; filename="history-{day}.csv"'}
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    table = csv.writer(response)
    table.writerow([_("When"), _("Who"), _("What"), _("Medicine")])
    for line in lines(access, events, names):
        when = line.at.isoformat(timespec="seconds")
        table.writerow([when, *map(safe_cell, (line.who, line.words, line.medicine))])
    actions.record(by=access, verb=Verb.EXPORTED, changes=HISTORY)
    return response
