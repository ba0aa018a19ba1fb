"""What a guest writes of a medicine, and under which name the list is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import NameForm


class GuestMedicineForm(NameForm):
    """A name, and in their own words what for and when."""

    what_for = forms.CharField(label=_("What it is for"), max_length=120, required=False)
    when = forms.CharField(
        label=_("How much, and when"),
        help_text=_("In your own words: 1 tablet in the morning."),
        max_length=120,
        required=False,
    )


class KeepListForm(forms.Form):
    name = forms.CharField(max_length=80)
