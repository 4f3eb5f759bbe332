"""A public form counts once, however often it arrives: a double tap, a lost answer, a reloaded page."""

import hashlib
import json
from collections.abc import Callable

from django.db import transaction

from expertteam.models import Submission
from expertteam.regulation import Refused


class Reused(Refused):
    """The key of another form."""


def digest_of(said: dict | list) -> str:
    """The same for the same members, in whatever order a program wrote them."""
    said = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(said.encode()).hexdigest()


def repeated(key: str, said: dict | list) -> str | None:
    """The answer that a form with this key got, None for the first; ``Reused`` when it said something else."""
    earlier = Submission.objects.filter(key=key).first()
    if earlier and earlier.digest != digest_of(said):
        raise Reused("这张表单已经提交过别的内容，请重新打开页面再填")
    return earlier and earlier.answer


@transaction.atomic
def once(key: str, said: dict | list, act: Callable[[], str]) -> str:
    """Run ``act`` for the first form with this key and keep its answer; a repeat gets that answer.

    The key is committed together with what the act wrote, so a crash gives it back.  The second of
    two at the same moment waits for the first.  ``Reused`` when other words come with a used key.
    """
    digest = digest_of(said)
    submission, first = Submission.objects.get_or_create(key=key, defaults={"digest": digest})
    if not first:
        if submission.digest != digest:
            raise Reused("这张表单已经提交过别的内容，请重新打开页面再填")
        return submission.answer
    submission.answer = act()
    submission.save(update_fields=["answer"])
    return submission.answer
