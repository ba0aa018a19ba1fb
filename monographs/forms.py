"""Forms of the public wing."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """One box: the name of a medicine, as somebody knows it. Nothing is refused; a text too long is cut."""

    q = forms.CharField(
        label=_("Find a medicine"),
        required=False,
        strip=True,
        widget=forms.TextInput(
            attrs={
                "type": "search",
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "enterkeyhint": "search",
                "placeholder": _("Name of a medicine"),
            }
        ),
    )

    def __init__(self, *args, hero: bool = False, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.fields["q"].widget.attrs["data-suggest"] = reverse("search_suggest")
        self.helper = FormHelper()
        self.helper.form_method = "get"
        self.helper.form_action = reverse("search")
        self.helper.disable_csrf = True
        self.helper.form_class = "search search--hero" if hero else "search"
        self.helper.attrs = {"role": "search"}
        self.helper.layout = Layout(
            Field("q", template="leaflet/bare_field.html"),
            Submit("", _("Find"), css_class="search__button"),
        )


SUBSTANCES = [
    ("alcohol", _("Alcohol")),
    ("grapefruit", _("Grapefruit or its juice")),
    ("dairy", _("Milk, yogurt or cheese")),
    ("tobacco", _("Tobacco")),
    ("cannabis", _("Cannabis")),
    ("caffeine", _("Coffee, tea or energy drinks")),
]
CONDITIONS = [
    ("older-than-65", _("65 or older")),
    ("pregnancy", _("Pregnant, or may be")),
    ("breastfeeding", _("Breastfeeding")),
    ("kidney-trouble", _("Kidney trouble")),
    ("liver-trouble", _("Liver trouble")),
    ("heart-failure", _("Heart failure")),
    ("heart-rhythm", _("Uneven heartbeat")),
    ("high-blood-pressure", _("High blood pressure")),
    ("diabetes", _("Diabetes")),
    ("asthma", _("Asthma or other lung trouble")),
    ("stomach-ulcer", _("Stomach ulcer or bleeding")),
    ("seizures", _("Seizures")),
    ("glaucoma", _("Glaucoma")),
    ("prostate", _("Trouble passing urine")),
    ("parkinsons", _("Parkinson's disease")),
    ("myasthenia", _("Myasthenia gravis")),
    ("low-sodium", _("Low sodium in the blood")),
]
FIRST_BOXES = 5
MOST_BOXES = 60
LONGEST_NAME = 120


class CheckForm(forms.Form):
    """What somebody takes: as many boxes as are needed, what else they have, and what they live with.

    Nothing is required but two things to compare; a name that we do not know is kept as it was typed.
    """

    substances = forms.MultipleChoiceField(
        label=_("Do you also have any of these?"),
        choices=SUBSTANCES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    conditions = forms.MultipleChoiceField(
        label=_("Does any of this fit you?"), choices=CONDITIONS, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: QueryDict | None = None, *, names: Sequence[str] = (), boxes: int = FIRST_BOXES) -> None:
        typed = [name for name in (data.getlist("name") if data else names) if name.strip()][:MOST_BOXES]
        super().__init__(data)
        self.typed = [name.strip()[:LONGEST_NAME] for name in typed]
        wanted = min(max(boxes, len(self.typed) + 1), MOST_BOXES)
        self.boxes = (self.typed + [""] * wanted)[:wanted]
        self.suggest = reverse("search_suggest")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        things = len(self.typed) + len(cleaned.get("substances", []))
        if not self.typed:
            raise forms.ValidationError(_("Type the name of at least one medicine."))
        if things + len(cleaned.get("conditions", [])) < 2:
            raise forms.ValidationError(_("Type at least two names, so that there is something to compare."))
        return cleaned
