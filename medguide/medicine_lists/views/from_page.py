""" "Add to my list", from a medicine's page in the library. That page is the same for everybody and knows no cookie,
so whose list it is and who asks is settled here. The address holds what the page's own address holds: its slug."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from medguide.medicine_lists import guest
from medguide.medicine_lists.people_rows import lists_of
from monographs.models import Medicine

from .lists import already_on, begin_adding


@require_safe
@never_cache
def add_to_my_list(request: HttpRequest, slug: str) -> HttpResponse:
    """One list that they may change: its form with the name filled in. Several: whose? Nobody signed in: a choice."""
    medicine = get_object_or_404(Medicine.objects.published(), slug=slug)
    if not request.user.is_authenticated:
        understood = guest.understood(guest.guest_list_in(request.session))
        on_it = any(name.medicine and name.medicine.slug == slug for name in understood.resolved)
        return render(request, "lists/add_signed_out.html", {"medicine": medicine, "on_it": on_it})
    seen = [row.access for row in lists_of(request.user)]
    accesses = [access for access in seen if access.can_change]
    if len(accesses) == 1:
        return begin_adding(request, accesses[0], name=medicine.name, meant=slug)
    lists = [(access, already_on(access, medicine)) for access in accesses]
    only_looks_at = [access.person.name for access in seen if not access.can_change]
    context = {"medicine": medicine, "lists": lists, "only_looks_at": only_looks_at}
    return render(request, "lists/add_whose.html", context)
