"""The check: a form, questions about near names, the report, its question sheet. Nothing is kept or logged."""

from collections.abc import Iterable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from monographs.forms import CONDITIONS, FIRST_BOXES, CheckForm
from monographs.interactions.report import Report
from monographs.interactions.rulebook import condition_in_words
from monographs.interactions.typed import Understood, report_for, understand
from monographs.names import Resolved

from .public import public_page

NONE_OF_THESE = "none"


@csrf_exempt  # changes nothing and reads nothing of the sender; a token would need a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def interactions(request: HttpRequest) -> HttpResponseBase:
    return _answer(request) if request.method == "POST" else _empty_form(request)


@public_page
def _empty_form(request: HttpRequest) -> HttpResponse:
    return render(request, "interactions/form.html", {"form": CheckForm()})


@never_cache
def _answer(request: HttpRequest) -> HttpResponse:
    """The form again where it is asked for or needs mending, else a question for each near name, else the report."""
    form = CheckForm(request.POST)
    if "more" in request.POST or "change" in request.POST:
        more = len(request.POST.getlist("name")) + FIRST_BOXES if "more" in request.POST else FIRST_BOXES
        unjudged = CheckForm(names=form.typed, boxes=more)
        unjudged.initial = {key: request.POST.getlist(key) for key in ("substances", "conditions")}
        return render(request, "interactions/form.html", {"form": unjudged})
    if not form.is_valid():
        return render(request, "interactions/form.html", {"form": form}, status=422)
    understood = _with_answers(understand(form.typed), request)
    substances = [str(name) for name in form.cleaned_data["substances"]]
    conditions = [str(key) for key in form.cleaned_data["conditions"]]
    kept = {"names": form.typed, "substances": substances, "conditions": conditions}
    to_ask = [name for name in understood.to_ask if _answer_key(name, understood) not in request.POST]
    if to_ask:
        questions = [(_answer_key(name, understood), name) for name in to_ask]
        return render(
            request, "interactions/ask.html", {"questions": questions, "kept": kept, "answers": _answers(request)}
        )
    everything = Understood(understood.resolved + understand(substances).resolved)
    report = report_for(everything, conditions)
    return render(
        request,
        "interactions/sheet.html" if "sheet" in request.POST else "interactions/report.html",
        {
            "report": report,
            "kept": kept,
            "answers": _answers(request),
            "pages": _pages(everything.resolved),
            "condition_words": [condition_in_words(key) for key, _label in CONDITIONS if key in conditions],
            "questions": _questions(report),
        },
    )


def _answer_key(name: Resolved, understood: Understood) -> str:
    """The name of the field that answers which medicine was meant, by the place of the name."""
    return f"meant-{understood.resolved.index(name)}"


def _answers(request: HttpRequest) -> list[tuple[str, str]]:
    return [(key, str(value)) for key, value in request.POST.items() if key.startswith("meant-")][:60]


def _with_answers(understood: Understood, request: HttpRequest) -> Understood:
    """Names that were near, taken for what the person chose; what they did not choose stays not checked."""
    resolved = []
    for place, name in enumerate(understood.resolved):
        answer = request.POST.get(f"meant-{place}")
        chosen = next((choice for choice in name.choices if choice.slug == answer), None)
        resolved.append(replace(name, medicine=chosen) if chosen else name)
    return Understood(tuple(resolved))


def _pages(resolved: Iterable[Resolved]) -> dict[str, str]:
    """The page of each name that has one."""
    return {name.typed: name.medicine.url for name in resolved if name.medicine and name.medicine.url}


def _questions(report: Report) -> list[str]:
    """The questions to take to the pharmacist, the gravest first, each once."""
    questions = [reason.texts.question for finding in report.serious for reason in finding.reasons]
    questions += [finding.texts.question for finding in (*report.same_ingredient, *report.adds_up)]
    questions += [finding.question for finding in report.check]
    questions += [finding.texts.question for finding in report.same_kind]
    return list(dict.fromkeys(questions))
