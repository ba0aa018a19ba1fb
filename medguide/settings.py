"""The one settings file. Everything that an installation can choose is read here, from the environment.

Without any setting this is a private installation on one's own machine, at http://127.0.0.1:8000. An address
of its own (MEDGUIDE_SITE_URL) makes it a public one, which must be given its secrets.
"""

from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from environs import Env, validate

from medguide.databases import REPLICA, read_database_url
from medguide.email_url import EmailSettings, read_email_url

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env(prefix="MEDGUIDE_")

# --- What an installation chooses -------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", False)
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000", validate=validate.URL(require_tld=False)).rstrip("/")
VAR_DIR = env.path("VAR_DIR", BASE_DIR / "var")
CONTACT_EMAIL = env.str("CONTACT_EMAIL", "", validate=lambda value: value == "" or validate.Email()(value))
SITE_NAME = "MedGuide"
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # without one there is no /metrics
# Who may write backups, or with the secret key read them too. The file is opened by the commands alone: the server
# need not be able to read it.
BACKUP_KEY, BACKUP_KEY_FILE = env.str("BACKUP_KEY", ""), env.path("BACKUP_KEY_FILE", None)
SIGNUP = env.str("SIGNUP", "closed", validate=validate.OneOf(["open", "invited", "closed"]))

_site = urlsplit(SITE_URL)
IS_HTTPS = _site.scheme == "https"
IS_LOCAL = _site.hostname in ("127.0.0.1", "localhost", "::1")


def _secret_key() -> str:
    """The key given, or on one's own machine a random one that is made once and kept beside the database."""
    if given := env.str("SECRET_KEY", ""):
        return given
    kept = env.path("SECRET_KEY_FILE", VAR_DIR / "secret-key")
    if kept.exists():
        return kept.read_text().strip()
    if not IS_LOCAL:
        raise ImproperlyConfigured(
            "MedGuide needs a secret key. Put a long random text into MEDGUIDE_SECRET_KEY, or into a file that "
            "MEDGUIDE_SECRET_KEY_FILE names, and start again."
        )
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept.touch(mode=0o600)
    kept.write_text(get_random_secret_key() + "\n")
    return kept.read_text().strip()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"] if IS_LOCAL else [str(_site.hostname)]

# --- The application --------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "medguide",
    "medguide.accounts",
    "medguide.medicine_lists",
    "monographs",
]

MIDDLEWARE = [
    "medguide.middleware.CountRequests",
    "medguide.middleware.PublicPageCache",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "medguide.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "medguide.urls"
WSGI_APPLICATION = "medguide.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ["leaflet"]
CRISPY_TEMPLATE_PACK = "leaflet"
CRISPY_FAIL_SILENTLY = False

# --- Data -------------------------------------------------------------------------------------------------

_SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(VAR_DIR / "medguide.sqlite3"),
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA secure_delete=ON;",  # what was deleted is overwritten in the file
    },
}
_database_url, _replica_url = env.str("DATABASE_URL", ""), env.str("DATABASE_REPLICA_URL", "")
DATABASES = {"default": read_database_url(_database_url) if _database_url else _SQLITE}
if _replica_url:
    DATABASES[REPLICA] = read_database_url(_replica_url) | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["medguide.databases.LibraryFromReplica"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)

# --- Letters ----------------------------------------------------------------------------------------------
# On one's own machine, and while developing, they appear where the server was started.

_email_url = env.str("EMAIL_URL", "")
CAN_MAIL = bool(_email_url) or IS_LOCAL or DEBUG
if SIGNUP != "closed" and not CAN_MAIL:
    raise ImproperlyConfigured(
        "Whoever signs up gets a code by e-mail, and MedGuide has no way to send one. Put the address of a mail "
        "server into MEDGUIDE_EMAIL_URL, such as smtps://user:password@mail.example.org, or set MEDGUIDE_SIGNUP to "
        "closed, and start again."
    )
_nowhere = EmailSettings("django.core.mail.backends.dummy.EmailBackend")
_email = read_email_url(_email_url or "console:") if CAN_MAIL else _nowhere
EMAIL_BACKEND, EMAIL_FILE_PATH, EMAIL_TIMEOUT = _email.backend, _email.path, 10
EMAIL_HOST, EMAIL_PORT = _email.host, _email.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _email.user, _email.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _email.use_ssl, _email.use_tls
_email_from = env.str("EMAIL_FROM", f"medguide@{_site.hostname}" if not IS_LOCAL else "medguide@localhost.localdomain")
if _email_from:
    validate.Email()(_email_from)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = f"{SITE_NAME} <{_email_from}>"

# --- Accounts: django-allauth does the work ---------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "people"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
SESSION_COOKIE_AGE = 14 * 86_400
SESSION_ENGINE = "medguide.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # nothing of it stands in a cookie
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "medguide.accounts.passwords.LengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
]
CACHES = {"default": {"BACKEND": "medguide.shared_cache.SharedCache"}}  # of tries and used codes, not of pages
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.bool("BEHIND_PROXY", False) else 0

ACCOUNT_ADAPTER = "medguide.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "medguide.accounts.forms.LoginForm",
    "signup": "medguide.accounts.forms.SignupForm",
    "add_email": "medguide.accounts.forms.AddEmailForm",
    "change_password": "medguide.accounts.forms.ChangePasswordForm",
    "set_password": "medguide.accounts.forms.SetPasswordForm",
    "reset_password": "medguide.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "medguide.accounts.forms.ResetPasswordKeyForm",
    "reauthenticate": "medguide.accounts.forms.ReauthenticateForm",
    "confirm_email_verification_code": "medguide.accounts.forms.ConfirmEmailCodeForm",
    "confirm_password_reset_code": "medguide.accounts.forms.ConfirmResetCodeForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "medguide.accounts.adapter.user_display"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_PREVENT_ENUMERATION = True  # "strict" would need several accounts with one address
ACCOUNT_CHANGE_EMAIL = True  # one address an account
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# Codes, not links: they work where the letter is read on another device, teach nobody to click on links in letters,
# and leave no secret in an address, a history or a log.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 30 * 60
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# By the place that asks ("ip"), so that nobody can use up the tries of somebody else. "key" holds the place too
# (AccountAdapter). The second step is counted by account, but only whoever has its password gets that far.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/300s/key",
    "signup": "20/h/ip",
    "reset_password": "20/h/ip",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "medguide.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "medguide.accounts.forms.AuthenticateForm",
    "reauthenticate": "medguide.accounts.forms.MFAReauthenticateForm",
    "activate_totp": "medguide.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "medguide.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "medguide.accounts.forms.EditPasskeyForm",
    "login_webauthn": "medguide.accounts.forms.LoginPasskeyForm",
    "authenticate_webauthn": "medguide.accounts.forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "medguide.accounts.forms.ReauthenticatePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # half a minute early or late: clocks of phones differ

# --- Words, dates, numbers --------------------------------------------------------------------------------

LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "America/New_York")
try:
    ZoneInfo(TIME_ZONE)
except (ValueError, OSError, ZoneInfoNotFoundError) as error:
    raise ImproperlyConfigured("MEDGUIDE_TIME_ZONE must be a name such as America/Chicago.") from error

# --- Static files -----------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "medguide.static_files.BundledStaticFilesStorage"
    },
}

# --- Security ---------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "style-src": [SELF],
        "script-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = 63_072_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "monographs.views.errors.csrf_failure"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 600  # an import of 500 medicines asks a question about each

# --- Logs: what went wrong, never who read what -----------------------------------------------------------
# Django's own request logger names the path of each page that was not found, so it is kept to server errors,
# whose record carries the view's traceback and the path without its token, and no address, query or form.

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_tokens": {"()": "medguide.log_filter.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without_tokens"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
