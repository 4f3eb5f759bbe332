"""Undertakings and consents: versioned texts, and who signed which one when."""

import hashlib
import tomllib
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from expertteam import clock
from expertteam.models import Consent, User
from expertteam.regulation import article


class Text(NamedTuple):
    """One version of a text that people sign."""

    kind: str
    version: str
    title: str
    body: str

    @property
    def digest(self) -> str:
        """SHA-256 over title and body, kept with the signature."""
        return hashlib.sha256(f"{self.title}\n{self.body}".encode()).hexdigest()


_entries = tomllib.loads((Path(__file__).parent / "consents.toml").read_text(encoding="utf8"))["texts"]
TEXTS: dict[str, Text] = {entry["kind"]: Text(**entry) for entry in _entries}  # the last version stands
VERSIONS: dict[tuple[str, str], Text] = {(entry["kind"], entry["version"]): Text(**entry) for entry in _entries}


@article("4")
@transaction.atomic
def sign(user: User, kind: str) -> Consent:
    """承担保密义务，该义务不因专家聘期的终止而解除: record that this person signs the standing version now.

    Serves every undertaking and consent; signing twice keeps the first signature.
    """
    text = TEXTS[kind]
    signature, _ = Consent.objects.get_or_create(
        user=user, kind=kind, version=text.version, withdrawn_at=None, defaults={"digest": text.digest}
    )
    return signature


@transaction.atomic
def withdraw(user: User, kind: str):
    """Take a consent back; an undertaking (Article 4) cannot be taken back."""
    if kind not in ("public_directory", "bank_data"):
        raise ValueError(f"{kind} cannot be withdrawn")
    for consent in Consent.objects.standing(kind).filter(user=user):
        consent.withdrawn_at = clock.now()
        consent.save(update_fields=["withdrawn_at"])


def words_of(consent: Consent) -> Text:
    """The version that this signature stands under, however many came after it."""
    return VERSIONS[consent.kind, consent.version]


def signed(user: User) -> set[str]:
    """The kinds that stand for this person; costs no query where his consents are prefetched."""
    return {consent.kind for consent in user.consents.all() if consent.withdrawn_at is None}
