"""Web server and worker start with real keys only."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def require_keys():
    """Refuse to start on throw-away keys: what they encrypt or sign is lost with the process."""
    if not settings.KEYS_GIVEN:
        raise ImproperlyConfigured(
            "SECRET_KEY 和 FIELD_KEYS 必须设置后才能启动（见 docs/operations.md）；试用请运行 make demo"
        )
