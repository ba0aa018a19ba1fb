"""The one question before an account is deleted."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class DeleteAccountForm(forms.Form):
    """Typed by hand, so that nobody deletes by a slip of the finger."""

    email = forms.CharField(
        label=gettext_lazy("Type your e-mail address to delete everything"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = email

    def clean_email(self) -> str:
        typed = str(self.cleaned_data["email"]).strip().lower()
        if typed != self.wanted.lower():
            raise forms.ValidationError(_("This is not the address of your account. Nothing was deleted."))
        return typed
