"""What every view of a person's list begins with: who asks, whose list it is, and what they may do."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.views.decorators.cache import never_cache

from medguide.accounts.models import User
from medguide.medicine_lists.access import Access, access_to
from medguide.medicine_lists.models import Role

KEPT_FORM = "kept_form"


class SignedInRequest(HttpRequest):
    """A request whose user signed in."""

    user: User


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For those who signed in; others are asked to, and what they had typed waits for them."""

    @wraps(view)
    @never_cache
    def inner(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        return view(request, **kwargs) if request.user.is_authenticated else _ask_to_sign_in(request)

    return inner


def for_person(
    needs: Role = Role.VIEWER,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """The view gets an Access in the place of the person's uid. What is not theirs is not found."""

    def wrap(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        @signed_in
        def inner(request: SignedInRequest, person: UUID, **kwargs: Any) -> HttpResponseBase:
            try:
                access = access_to(request.user, person)
                if not access.may(needs):
                    raise Http404
                return view(request, access, **kwargs)
            except ObjectDoesNotExist as error:
                raise Http404 from error

        return inner

    return wrap


def _ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back. A form that was sent is kept in the session until it is shown again."""
    if request.method == "POST":
        fields = {name: request.POST.getlist(name) for name in request.POST if name != "csrfmiddlewaretoken"}
        request.session[KEPT_FORM] = {"path": request.path, "fields": fields}
    return redirect_to_login(request.path)


def kept_form(request: HttpRequest) -> QueryDict | None:
    """What was typed into the form at this address before its writer had to sign in again; told once."""
    kept = request.session.get(KEPT_FORM)
    if request.method != "GET" or not kept or kept["path"] != request.path:
        return None
    del request.session[KEPT_FORM]
    data = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        data.setlist(name, values)
    return data


def address(name: str, access: Access, **kwargs: Any) -> str:
    """The address of a view of this person's list."""
    return reverse(name, kwargs={"person": access.person.uid, **kwargs})
