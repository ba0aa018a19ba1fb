"""Every component with an example, to look at while developing. Only under DEBUG."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

BLOCKS = [
    {"type": "prose", "html": "<h3>A heading</h3><p>Prose, with a <strong>strong</strong> word.</p>"},
    {"type": "snippet", "look": "warning", "html": "<p><strong>A callout.</strong> Not to be missed.</p>"},
    {"type": "snippet", "look": "plain", "html": "<p>A note.</p>"},
    {"type": "do_lists", "do": "<ul><li>Stand up slowly</li></ul>", "do_not": "<ul><li>Do not hurry</li></ul>"},
    {"type": "care", "urgency": "now", "html": "<ul><li>A seizure</li></ul>"},
    {"type": "care", "urgency": "today", "html": "<ul><li>New confusion</li></ul>"},
    {"type": "care", "urgency": "mild", "html": "<ul><li>Sleepiness</li></ul>"},
    {"type": "people", "number": 63, "caption": "Sleepiness: 10 to 63 in 100 people"},
]  # fmt: skip


class GalleryForm(forms.Form):
    """A field of each kind, so that labels, hints and errors can be seen."""

    name = forms.CharField(label="Name", help_text="As it stands on the bottle.")
    amount = forms.DecimalField(label="How much")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Tablet"), ("b", "Liquid")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I have read this")
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: dict[str, str] | None = None) -> None:
        super().__init__(data)
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.add_input(Submit("send", "Send", css_class="button--main"))


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """The components; the form with its errors where it was sent."""
    form = GalleryForm(request.GET.dict() if "send" in request.GET else None)
    schedules = [
        ["morning", "noon", "bedtime"],
        ["once a week"],
        ["every 3 days"],
        ["when needed"],
        ["as on your label"],
    ]
    return render(request, "gallery/gallery.html", {"blocks": BLOCKS, "form": form, "schedules": schedules})
