"""What a link for a doctor or a hospital shows, and for how long."""

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .models import MedicationStatement, Part
from .rows import Row

LASTS = [("1", _("24 hours")), ("3", _("3 days")), ("7", _("7 days")), ("30", _("30 days"))]
# What whoever treats somebody asks for first; what is about other people is chosen by the owner.
AT_FIRST = (Part.WHAT_FOR, Part.ALLERGIES, Part.CHECK, Part.STOPPED)


def new_nonce() -> str:
    return secrets.token_urlsafe(32)


class ShareLinkForm(forms.Form):
    """`nonce` makes a form that is sent twice one link. The shortest time stands first."""

    label = forms.CharField(
        label=_("Who is it for?"),
        help_text=_("Such as Dr. Hahn. Only for owners, to tell links apart: the page does not show it."),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    lasts = forms.ChoiceField(label=_("How long does it work?"), choices=LASTS, widget=forms.RadioSelect)
    shows = forms.MultipleChoiceField(
        label=_("What else is seen?"),
        help_text=_("The fewer, the more private. What you leave out is said to be left out, so that they can ask."),
        choices=[(part.value, part.label[:1].upper() + part.label[1:]) for part in Part],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    left_out = forms.MultipleChoiceField(
        label=_("Which medicines are left out?"),
        help_text=_(
            "The page does not name them and its check does not know them. Nobody there can look out for them. "
            "What is put on the list later is seen."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    nonce = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, rows: Sequence[Row]) -> None:
        super().__init__(data, initial={"lasts": "1", "shows": [*AT_FIRST], "nonce": new_nonce()})
        self._statements = {str(row.statement.uid): row.statement for row in rows}
        field = self.fields["left_out"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 (for mypy)
        field.choices = [(str(row.statement.uid), row.title) for row in rows]

    def parts(self) -> list[Part]:
        return [Part(key) for key in self.cleaned_data["shows"]]

    def statements_left_out(self) -> list[MedicationStatement]:
        return [self._statements[uid] for uid in self.cleaned_data["left_out"]]
