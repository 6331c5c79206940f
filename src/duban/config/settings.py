"""One settings file, driven by the environment; docs/operate/settings.md lists every variable."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

from duban import __version__

env = environ.Env()

PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DUBAN_DATA_DIR", default="duban-data")).resolve()


def secret_key() -> str:
    """The key from the environment, or one made once and kept beside the data, readable by its owner only."""
    if key := env.str("DUBAN_SECRET_KEY", default=""):
        return str(key)
    path = DATA_DIR / "secret-key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key(), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def database() -> dict[str, Any]:
    """SQLite in the data folder, or what DATABASE_URL names."""
    config: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'duban.sqlite3'}")
    if "sqlite" in config["ENGINE"]:
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return config


SECRET_KEY = secret_key()
DEBUG = env.bool("DUBAN_DEBUG", default=False)
ALLOWED_HOSTS = env.list("DUBAN_HOSTS", default=["127.0.0.1", "localhost"])
HTTPS = env.bool("DUBAN_HTTPS", default=False)
VERSION = __version__

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "csp",
    "duban.history",
    "duban.directory",
    "duban.documents",
    "duban.register",
    "duban.plans",
    "duban.progress",
    "duban.coordination",
    "duban.supervision",
    "duban.publishing",
    "duban.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "duban.web.middleware.ActingPost",
    "duban.web.middleware.Refusals",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "duban.config.urls"
WSGI_APPLICATION = "duban.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "duban.web.frame.frame",
            ],
            "loaders": [
                ("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"]),
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "duban.web.templatetags.duban",
            ],
        },
    },
]

DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "directory.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "person_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # one screen of 300 tasks has several fields a row

SESSION_IDLE_MINUTES = env.int("DUBAN_IDLE_MINUTES", default=30)
SIGN_IN_ATTEMPTS = env.int("DUBAN_SIGN_IN_ATTEMPTS", default=5)
SIGN_IN_ATTEMPTS_PER_ADDRESS = env.int("DUBAN_SIGN_IN_ATTEMPTS_PER_ADDRESS", default=50)
SIGN_IN_LOCK_MINUTES = env.int("DUBAN_SIGN_IN_LOCK_MINUTES", default=15)
SECOND_FACTOR_ROLES = env.list("DUBAN_SECOND_FACTOR_ROLES", default=[])
PORTAL_HEADER = env.str("DUBAN_PORTAL_HEADER", default="")
NOTICE_INTERVAL = env.int("DUBAN_NOTICE_INTERVAL", default=3)
NOTICE_HOSTS = env.list("DUBAN_NOTICE_HOSTS", default=[])
PORTAL_PROXIES = env.list("DUBAN_PORTAL_PROXIES", default=[])

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "duban.web.views.faults.expired_form"
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
