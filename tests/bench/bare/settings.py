"""The least that serves: WhiteNoise in front, no other middleware, MedGuide's database and static folder."""

import os
from pathlib import Path

VAR_DIR = Path(os.environ["MEDGUIDE_VAR_DIR"])
SECRET_KEY = "only for the bench"
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.contenttypes"]
MIDDLEWARE = ["whitenoise.middleware.WhiteNoiseMiddleware"]
ROOT_URLCONF = "tests.bench.bare.urls"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(VAR_DIR / "medguide.sqlite3"),
        "OPTIONS": {  # as in medguide.settings
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }
}
