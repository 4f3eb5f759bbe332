"""The old team: looked at, taken in by a second person, undone as long as nothing was built on it (Article 15).

Whoever receives (``intake``) reads the table, whoever approves (``reviewer``) takes it in; the leader, or another who
approves, may undo it: terms that the public relies on neither come nor go by one person's doing.  Nobody is appointed by it, which is why it needs no leader: the
bureau appointed these people under the former document, and only such a term can come in this way.
"""

import hashlib
import json
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from experts import actions as experts
from expertteam import clock
from expertteam.actions import open_account
from expertteam.documents import in_chinese
from expertteam.models import ListExport, User
from expertteam.notify import notify_role, text
from expertteam.numbering import monthly
from expertteam.regulation import Refused, article
from expertteam.workbooks import ReadBefore, read
from expertteam.workflow import may, refuse_own, transition
from recruitment import former_file
from recruitment.former_file import OF_THE_EXPERT
from recruitment.former_match import Match, matched
from recruitment.former_undo import take_away
from recruitment.models import FormerImport, FormerRow

State, Outcome = FormerImport.State, FormerRow.Outcome
READ = "recruitment.read_formerimport"
ARTICLE = "15"
TAKEN_OVER = "导入原专家团（第15条）"


@article("15")
@transaction.atomic
def read_former(upload, *, by: User) -> FormerImport:
    """并人社发〔2020〕30号废止: what the table of its team would bring about, row by row; nothing else happens yet.

    ``Refused`` for what is no such table, and for a file that was read before and not put aside.
    """
    if not may(by, READ):
        raise PermissionDenied(READ)
    digest = hashlib.sha256(upload.read()).hexdigest()
    upload.seek(0)
    try:
        rows = former_file.rows_of(read(upload))
    except ValidationError as wrong:
        raise Refused(wrong.message, ARTICLE) from wrong
    if first := FormerImport.objects.filter(digest=digest, state__in=[State.CHECKED, State.TAKEN]).first():
        raise ReadBefore(first, f"这个文件{first.read_by}已经试读过，编号{first.number}，不用再传", ARTICLE)
    found = matched(rows)
    refuse_own(any(each.account == by for each in found), ARTICLE)
    name = "".join(filter(str.isprintable, upload.name))[-200:] or "名单"
    record = FormerImport(
        number=monthly("DR", "formerimport"), filename=name, digest=digest, read_by=by, read_at=clock.now()
    )
    record._history_user, record._change_reason = by, "试读原专家团名单（第15条）"
    record.save()
    FormerRow.objects.bulk_create([kept(record, each) for each in found], batch_size=500)
    if record.is_takeable:
        notify_role(
            f"former:{record.pk}", take_in.permission, "原专家团名单待核对",
            f"{record.number}已试读，没有问题，请核对后导入。", record.get_absolute_url(), but=by.pk,
        )  # fmt: skip
    return record


def kept(record: FormerImport, found: Match) -> FormerRow:
    """The row as it is kept; of a wrong one only what was typed and what is wrong."""
    row = FormerRow(
        source=record, place=found.row.place, cells=json.dumps(found.row.cells, ensure_ascii=False),
        faults=found.faults, outcome=found.outcome,
    )  # fmt: skip
    if found.outcome != Outcome.WRONG:
        values = found.row.values
        row.number, row.first_day, row.last_day = values["number"], values["first_day"], values["last_day"]
        row.account_key = found.account and found.account.pk
        row.expert_key = found.expert and found.expert.pk
    return row


@transition(FormerImport, source=[State.CHECKED], target=State.TAKEN, article="15")
def take_in(record, *, by):
    """导入"""
    if record.read_by_id == by.pk:
        raise Refused("试读的人不能自己导入，应由另一个人核对", ARTICLE)
    rows = list(record.rows.order_by("place"))
    now = matched([former_file.read(row.place, row.said) for row in rows])
    if any(each.outcome == Outcome.WRONG for each in now):
        raise Refused("名单里有问题，没有导入；请下载退回表，改好以后重新试读", ARTICLE)
    if [same(row) for row in rows] != [same(kept(record, each)) for each in now]:
        raise Refused("试读以后情况有变化，没有导入；请放弃这一份，重新试读", ARTICLE)
    new = [pair for pair in zip(rows, now, strict=True) if pair[1].outcome == Outcome.NEW]
    if not new:
        raise Refused("名单里的人和聘期都已经有了，不用导入", ARTICLE)
    record.taken_by, record.taken_at = by, clock.now()
    return partial(bring_in, new, by)


def same(row: FormerRow) -> tuple:
    """What must be at the taking as it was at the reading."""
    return row.outcome, row.number, row.first_day, row.last_day, row.account_key, row.expert_key


def bring_in(new: list[tuple[FormerRow, Match]], by: User):
    """All of them or none."""
    try:
        for row, found in new:
            enter(row, found, by)
    except IntegrityError as clash:
        raise Refused("导入时又有别的改动，一行也没有导入；请再试一次", ARTICLE) from clash


def enter(row: FormerRow, found: Match, by: User):
    """The account by which he comes in, his entry, his term; the row says first what it brings about, as the guard asks."""
    values = found.row.values
    person = {name: values[name] for name in ("name", "phone", "id_kind", "id_number")}
    lacking = [name for name in person if found.account and not getattr(found.account, name)]
    account = open_account(found.account, by=by, reason=TAKEN_OVER, **person)
    expert = found.expert or experts.enter(
        account, values["topics"], {name: values[name] for name in OF_THE_EXPERT if name in values}
    )
    row.account_key, row.new_account = account.pk, found.account is None
    row.expert_key, row.new_expert = expert.pk, found.expert is None
    row.filled = " ".join(lacking)
    row.save(update_fields=["account_key", "new_account", "expert_key", "new_expert", "filled"])
    term = {name: values[name] for name in ("name", "category", "number", "first_day", "last_day")}
    experts.take_over(expert, by=by, reason=TAKEN_OVER, **term)
    if term["last_day"] >= clock.today():
        text(
            f"former:{row.pk}", account.phone, "您的聘期已录入",
            f"您在专家团的聘期（聘书{term['number']}，到{in_chinese(term['last_day'])}）已录入门户。请用这个手机号收验证码登录，先签保密承诺。",
        )  # fmt: skip


@transaction.atomic
def hand_sheet(record: FormerImport, *, by: User) -> tuple[str, bytes]:
    """The name and content of the table with every number in full; who took it stays on record."""
    rows = [(row.said, row.faults) for row in record.rows.order_by("place")]
    wrong = any(faults for _, faults in rows)
    content, title = former_file.returned(rows), "原专家团退回表" if wrong else "原专家团名单全文"
    ListExport.objects.create(
        title=title, address=record.get_absolute_url(), filters=record.number, rows=len(rows),
        digest=hashlib.sha256(content).hexdigest(), reason="核对或改正原专家团名单（第15条）", by=by, at=clock.now(),
    )  # fmt: skip
    return f"{title} {record.number}.xlsx", content


@transition(FormerImport, source=[State.CHECKED], target=State.ASIDE, article="15")
def put_aside(record, *, by):
    """放弃"""


@transition(FormerImport, source=[State.TAKEN], target=State.UNDONE, article="15")
def undo(record, *, by, reason):
    """撤销导入"""
    if record.taken_by_id == by.pk:
        raise Refused("导入的人不能自己撤销，应由局领导或者另一位审核人员撤销", ARTICLE)
    record.reason = reason
    return partial(take_away, record, by)
