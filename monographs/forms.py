"""Forms of the public wing."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout, Submit
from django import forms
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
