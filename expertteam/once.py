"""A public form counts once, however often it arrives: a double tap, a lost answer, a reloaded page."""

import hashlib
import json
from collections.abc import Callable

from django.db import transaction

from expertteam.models import Submission
from expertteam.regulation import Refused


@transaction.atomic
def once(key: str, said: dict | list, act: Callable[[], str]) -> str:
    """Run ``act`` for the first form with this key and keep its answer; a repeat gets that answer.

    The key is committed together with what the act wrote, so a crash gives it back.  The second of
    two at the same moment waits for the first.  ``Refused`` when other words come with a used key.
    """
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False, default=str).encode()).hexdigest()
    submission, first = Submission.objects.get_or_create(key=key, defaults={"digest": digest})
    if not first:
        if submission.digest != digest:
            raise Refused("这张表单已经提交过别的内容，请重新打开页面再填")
        return submission.answer
    submission.answer = act()
    submission.save(update_fields=["answer"])
    return submission.answer
