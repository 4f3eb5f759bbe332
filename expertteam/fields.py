"""Personal numbers at rest: encrypted, and found again only through a keyed index."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.db import models


@lru_cache(maxsize=4)
def box(keys: tuple[str, ...]) -> MultiFernet:
    """Encrypts with the first key, decrypts with any."""
    return MultiFernet([Fernet(key) for key in keys])


def blind(value: str, purpose: str) -> str:
    """Keyed fingerprint of a normalised value; equal values of one purpose give equal fingerprints.

    The key comes from the oldest of ``FIELD_KEYS``, so that adding a newer one keeps the index.
    """
    key = hashlib.sha256(b"blind index" + settings.FIELD_KEYS[-1].encode()).digest()
    return hmac.new(key, f"{purpose}\n{value}".encode(), hashlib.sha256).hexdigest()


def sealed(value: str, purpose: str) -> str:
    """Text that only this house can read and nobody else can make, the same each time; for addresses."""
    return (
        urlsafe_b64encode(_siv(settings.FIELD_KEYS[0]).encrypt(value.encode(), [purpose.encode()])).decode().rstrip("=")
    )


def unsealed(text: str, purpose: str) -> str:
    """What was sealed for this purpose with any of the keys; ``ValueError`` where nothing was."""
    for key in settings.FIELD_KEYS:
        try:
            whole = urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
            return _siv(key).decrypt(whole, [purpose.encode()]).decode()
        except (InvalidTag, ValueError):
            continue
    raise ValueError("not sealed here")


@lru_cache(maxsize=4)
def _siv(key: str) -> AESSIV:
    return AESSIV(hashlib.sha256(b"seal" + key.encode()).digest())


class EncryptedText(models.TextField):
    """Text that the database never sees in clear; it cannot be searched, only read."""

    def get_prep_value(self, value):
        if value in (None, ""):
            return value
        return box(tuple(settings.FIELD_KEYS)).encrypt(str(value).encode()).decode()

    def from_db_value(self, value, expression, connection):
        if value in (None, ""):
            return value
        return box(tuple(settings.FIELD_KEYS)).decrypt(value.encode()).decode()

    def get_lookup(self, lookup_name):
        """Only ``isnull``: every other question goes to the blind index."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class BlindIndex(models.CharField):
    """Fingerprint of another field of the row, written with it; carries the uniqueness.

    ``update_fields`` must name both.  It is filled in ``pre_save`` because a ``save`` override
    would be passed over by bulk writes.
    """

    def __init__(self, source="", purpose="", **options):
        self.source, self.purpose = source, purpose or source
        super().__init__(**{"max_length": 64, "null": True, "editable": False} | options)

    def deconstruct(self):
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"source": self.source, "purpose": self.purpose}

    def pre_save(self, model_instance, add):
        value = getattr(model_instance, self.source)
        index = blind(value, self.purpose) if value else None
        setattr(model_instance, self.attname, index)
        return index
