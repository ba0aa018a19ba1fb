from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "medguide.accounts"
    label = "accounts"
