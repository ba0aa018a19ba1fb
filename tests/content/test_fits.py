"""What is loaded fits the columns: SQLite would keep a longer text without a word, PostgreSQL refuses it."""

import pytest
from django.apps import apps
from django.db.models import CharField, Model
from django.db.models.functions import Length

MODELS = list(apps.get_app_config("monographs").get_models())


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_text_is_longer_than_its_column(model: type[Model]) -> None:
    for column in model._meta.get_fields():
        if isinstance(column, CharField) and column.max_length:
            longer = model._default_manager.annotate(length=Length(column.name)).filter(length__gt=column.max_length)
            assert list(longer.values_list(column.name, flat=True)) == [], column.name
