"""What of the history to show."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .access import Access
from .forms import DayField
from .history import GROUPS, everybody_in, medicines_named


class HistoryForm(forms.Form):
    """All of it is optional, and empty shows everything."""

    who = forms.ChoiceField(label=_("Who"), required=False)
    what = forms.ChoiceField(label=_("What"), required=False)
    medicine = forms.ChoiceField(label=_("Which medicine"), required=False)
    first = DayField(label=_("From"))
    last = DayField(label=_("Until"))

    def __init__(self, data: Any, *, access: Access) -> None:
        super().__init__(data)
        self._offer("who", everybody_in(access), _("everybody"))
        self._offer("what", [(key, label) for key, (label, _verbs) in GROUPS.items()], _("everything"))
        self._offer("medicine", medicines_named(access), _("all of them"))

    def _offer(self, name: str, choices: list[tuple[str, Any]], all_of_them: Any) -> None:
        self.fields[name] = forms.ChoiceField(
            label=self.fields[name].label, required=False, choices=[("", all_of_them), *choices]
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first. Change one of them."))
        return cleaned
