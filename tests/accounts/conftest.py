"""What the tests of accounts share: nothing counted before, passwords hashed quickly, letters kept in memory."""

from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from medguide.accounts.models import User

from .stories import ANN, PASSWORD


@pytest.fixture(autouse=True)
def _begin_anew(settings: Settings) -> Iterator[None]:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SIGNUP = "open"
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def ann(db: None) -> User:
    """Somebody with an account and no second step."""
    user = User.objects.create_user(ANN, PASSWORD)
    EmailAddress.objects.create(user=user, email=ANN, verified=True, primary=True)
    return user


@pytest.fixture
def at_home(client: Client, ann: User) -> Client:
    """Ann's browser: signed in with her password a moment ago."""
    response = client.post("/account/login/", {"login": ANN, "password": PASSWORD, "next": "/account/"})
    assert response.headers["Location"] == "/account/"
    return client
