"""What the tests of accounts share: passwords hashed quickly, letters kept in memory."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django import Settings

from medguide.accounts.models import User

from .stories import ANN, PASSWORD


@pytest.fixture(autouse=True)
def _begin_anew(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SIGNUP = "open"


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
