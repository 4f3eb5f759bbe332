"""One settings file, read from the environment, top to bottom.

Without keys everything but the web server and the worker runs, on the embedded database and with
throw-away keys; ``docs/operations.md`` lists the variables.
"""

import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

from expertteam.environment import bureau, database, lines, listed

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # a quarter of a second at every start; names need no phrases
BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var")
(VAR / "static").mkdir(parents=True, exist_ok=True)


DEMO = os.environ.get("DEMO") == "1"
KEYS_GIVEN = bool(os.environ.get("SECRET_KEY") and listed("FIELD_KEYS"))
SECRET_KEY = os.environ.get("SECRET_KEY") or secrets.token_urlsafe(50)
FIELD_KEYS = listed("FIELD_KEYS") or [urlsafe_b64encode(secrets.token_bytes(32)).decode()]
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SECURE = SITE_URL.startswith("https://")
ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SECURE else []
DATABASES = {"default": database(os.environ.get("DATABASE_URL") or "sqlite:///var/portal.sqlite3", BASE_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = os.environ.get("REDIS_URL", "")

INSTALLED_APPS = [
    "expertteam", "experts", "services", "evaluations", "recruitment", "payments",
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.staticfiles", "django.forms",
    "allauth", "allauth.account", "allauth.mfa", "allauth.usersessions",
    "csp", "guardian", "simple_history",
]  # fmt: skip
MIDDLEWARE = [
    "expertteam.middleware.numbered",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "expertteam.middleware.label_answers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "expertteam.middleware.Doorkeeper",
]
if DEMO:
    MIDDLEWARE.append("expertteam.demo.steady_clock")
ROOT_URLCONF = "expertteam.urls"
WSGI_APPLICATION = "expertteam.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
_context = "django.template.context_processors.request django.contrib.auth.context_processors.auth"
_context += " django.contrib.messages.context_processors.messages expertteam.context.site"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.static", "expertteam.templatetags.terrace"],
            "context_processors": _context.split(),
        },
    }
]

# Sign-in: one account a person; the limits live in the database so that every process shares them.
AUTH_USER_MODEL = "expertteam.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
_cache = "django.core.cache.backends."
CACHES = {
    "default": {"BACKEND": _cache + "db.DatabaseCache", "LOCATION": "cache", "OPTIONS": {"MAX_ENTRIES": 50_000}},
    "pages": {"BACKEND": _cache + "locmem.LocMemCache", "LOCATION": "pages"},
}
if REDIS_URL:
    CACHES["pages"] = {"BACKEND": "expertteam.caches.FailOpenRedisCache", "LOCATION": REDIS_URL}
CACHE_MIDDLEWARE_ALIAS = "pages"
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "account_login", "/after-sign-in/", "/"
ACCOUNT_ADAPTER, MFA_ADAPTER = "expertteam.accounts.AccountAdapter", "expertteam.accounts.MFAAdapter"
ACCOUNT_LOGIN_METHODS, ACCOUNT_SIGNUP_FIELDS = {"username", "phone"}, ["phone*", "password1*", "password2*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PHONE_VERIFICATION_TIMEOUT = 300  # seconds
ACCOUNT_EMAIL_VERIFICATION, ACCOUNT_SESSION_REMEMBER = "none", False
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/15m/key",
    "request_login_code": "20/m/ip,1/m/key,5/d/key",
    "verify_phone": "20/m/ip,1/m/key,5/d/key",
    "change_phone": "5/m/user,10/d/user",
}
_forms = "login signup request_login_code confirm_login_code verify_phone change_password set_password change_phone"
_mfa = "authenticate reauthenticate activate_totp deactivate_totp generate_recovery_codes add_webauthn edit_webauthn"
_form = "expertteam.account_forms."
ACCOUNT_FORMS = {name: _form + name.title().replace("_", "") for name in [*_forms.split(), "reauthenticate"]}
MFA_FORMS = {name: _form + "Mfa" + name.title().replace("_", "") for name in _mfa.split()}
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXIES", "0"))
MFA_SUPPORTED_TYPES, MFA_PASSKEY_LOGIN_ENABLED = ["totp", "webauthn", "recovery_codes"], True
MFA_TOTP_ISSUER = "创业就业指导专家团"
SESSION_COOKIE_AGE, SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE = 8 * 3600, SECURE, SECURE
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
_validator = "django.contrib.auth.password_validation."
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "expertteam.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": _validator + "CommonPasswordValidator"},
    {"NAME": _validator + "NumericPasswordValidator"},
    {"NAME": _validator + "UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["username", "name"]}},
]

# Browsers: nothing foreign, nothing inline.
_self = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {"default-src": _self, "style-src": _self, "script-src": _self, "img-src": ["'self'", "data:"]}
    | {"form-action": _self, "frame-ancestors": ["'none'"], "base-uri": ["'none'"], "object-src": ["'none'"]}
}
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT, SECURE_HSTS_SECONDS = SECURE, 31536000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^api/v1/"]  # a program is refused, or it would go on as it is

LANGUAGE_CODE, TIME_ZONE, USE_TZ = "zh-hans", "Asia/Shanghai", True
STATIC_URL, STATIC_ROOT, STATICFILES_DIRS = "/static/", VAR / "static", [BASE_DIR / "static"]
MEDIA_ROOT = VAR / "uploads"  # outside the web root: served by views that ask who may read
WHITENOISE_USE_FINDERS = not KEYS_GIVEN or DEMO
_static = "django.contrib.staticfiles.storage.StaticFilesStorage"
if not WHITENOISE_USE_FINDERS:
    _static = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static},
}
FONT_DIR = os.environ.get("FONT_DIR", "")
SITE = bureau(BASE_DIR / "expertteam" / "bureau.toml")

# Messages and background work; without Redis tasks run in-process.
EMAIL_HOST, EMAIL_TIMEOUT = os.environ.get("EMAIL_HOST", ""), 10
EMAIL_PORT, EMAIL_USE_TLS = int(os.environ.get("EMAIL_PORT", "25")), os.environ.get("EMAIL_TLS") == "1"
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_USER", ""), os.environ.get("EMAIL_PASSWORD", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
SMS_BACKEND = os.environ.get("SMS_BACKEND", "expertteam.notify.ConsoleSms")
BACKUP_RECIPIENTS, BACKUP_IDENTITY = listed("BACKUP_RECIPIENTS"), os.environ.get("BACKUP_IDENTITY", "")
DRILL_DATABASE_URL = os.environ.get("DRILL_DATABASE_URL", "")
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
LOGGING = lines("json" if SECURE else "text")
