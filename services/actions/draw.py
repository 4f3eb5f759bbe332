"""抽取: the pool is frozen, secrets are promised, conditions fixed, secrets shown; then chance decides (Article 10(4)).

Each step is one transaction, and the result follows from what is stored: whoever takes up a draw that was cut off
between two steps comes to the same panel.
"""

import re
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction

from expertteam import calendar, chance, clock
from expertteam.models import Policy, User
from expertteam.regulation import Refused, article
from expertteam.workflow import LINK, may, transition
from services import draw as protocol
from services import pool, summons, transcripts
from services.actions import seat as seats
from services.actions.panel import check_ready, check_witness, start_over
from services.models import Draw, DrawParty, PanelReading, PoolEntry, ReviewPanel
from services.rules import panel as rules

State = Draw.State
Role = DrawParty.Role
COMMITMENT = re.compile(r"[0-9a-f]{64}")
LOTTERIES = {Draw.Source.KL8: (20, 80), Draw.Source.SSQ: (7, 33)}  # source -> how many numbers, up to which
POOL_SEEN = "候选池名单"


@transition(ReviewPanel, source=[ReviewPanel.State.DRAFT], target=ReviewPanel.State.SELECTING, article="10(4)")
def freeze(panel, *, by, profile, source="", issue="", due_at=None, witness="", organisation="", phone=""):
    """锁定候选池"""
    if panel.was_read_by(by):
        raise Refused("看过候选池名单的人不能经办抽取", "10(4)")
    if by.pk == panel.inspector_id:
        raise Refused("到场监督的人不能经办抽取", "10(4)")
    check_conditions(panel)
    check_witness(witness, phone)
    aborted = panel.draws.filter(state=State.ABORTED).count()
    if profile == Draw.Profile.HERE and rules.needs_public_value(aborted):
        raise Refused("已有两次抽取作废，这次要加入公开数值（隔夜抽取）", "10(4)")
    if profile == Draw.Profile.PUBLIC and not (due_at and clock.now() < due_at < panel.starts_at):
        raise Refused("公开数值应在今后、评审开始以前产生", "10(4)")
    frozen_at, candidates = clock.now(), pool.candidates(panel)
    directory = transcripts.in_term(frozen_at)
    if directory != sorted(each.expert.no for each in candidates):
        raise Refused("专家名单刚有变动，请再锁定一次", "10(4)")
    check_pool(panel, candidates)
    draw = Draw(
        panel=panel, draw_id=f"{panel.number}-R{panel.draws.count() + 1}", profile=profile, operator=by,
        source=source, issue=issue, due_at=due_at, group_salt=chance.salt(), frozen_at=frozen_at, directory=directory,
    )  # fmt: skip
    entries = [entry_of(draw, each) for each in candidates]
    draw.pool_root = protocol.pool_root(draw.algorithm, (transcripts.member(each) for each in entries if not each.why))
    draw._history_user, draw._change_reason = by, "锁定候选池（第10(4)条）"
    draw.save()
    PoolEntry.objects.bulk_create(entries)
    DrawParty.objects.create(draw=draw, role=Role.OPERATOR, user=by)
    DrawParty.objects.create(draw=draw, role=Role.INSPECTOR)
    if witness:
        DrawParty.objects.create(draw=draw, role=Role.WITNESS, name=witness, organisation=organisation, phone=phone)
    return partial(summons.inspector_wanted, draw)


def check_conditions(panel: ReviewPanel):
    """``Refused`` unless everything is there that decides who can be drawn."""
    check_ready(panel)
    days = Policy.objects.number("panel_draw_days", clock.today())
    if clock.local(panel.starts_at).date() > calendar.deadline(clock.today(), days, start_counts=False).day:
        raise Refused(f"最早在评审前{days}个工作日抽取", "10(4)")


def check_pool(panel: ReviewPanel, candidates: list[pool.Candidate]):
    """``Refused`` where some outcome would leave a seat empty; tells which reason costs most."""
    inside = [(frozenset(each.strata), each.employer) for each in candidates if not each.why]
    missing = rules.short_of(inside, panel.need, panel.alternates)
    if missing:
        lacking = "、".join(f"{pool.stratum_label(stratum)}还差{count}人" for stratum, count in missing.items())
        costs = pool.costs(candidates)
        most = f"；排除最多的是“{costs[0][0]}”{costs[0][1]}人" if costs else ""
        raise Refused(f"候选不够（含备选，同单位只算1人）：{lacking}{most}", "10(4)")


def entry_of(draw: Draw, candidate: pool.Candidate) -> PoolEntry:
    """One line of the pool, under a code that nobody can guess."""
    salt, no, employer = chance.salt(), candidate.expert.no, candidate.employer
    return PoolEntry(
        draw=draw, expert=candidate.expert, salt=salt, employer=employer,
        h=protocol.member_hash(draw.algorithm, draw.draw_id, no, employer, salt),
        g=protocol.group_hash(draw.algorithm, draw.draw_id, employer, draw.group_salt),
        strata=list(candidate.strata), why=candidate.why, words=candidate.words,
    )  # fmt: skip


@transaction.atomic
def invite_witness(draw: Draw, *, by: User):
    """A link goes to the witness's own number; a new one each time it is asked for, the ones before it end."""
    party = draw.parties.get(role=Role.WITNESS)
    if by.pk != draw.operator_id or not party.phone:
        raise PermissionDenied("services.freeze_reviewpanel")
    party.links.update(expires_at=clock.now())
    summons.witness_invited(party)


def party_of(draw: Draw, by) -> DrawParty:
    """As whom this person adds a secret: the operator of this draw, an inspector, or by his link the witness."""
    parties = {party.role: party for party in draw.parties.all()}
    if by is LINK:
        return parties[Role.WITNESS]
    if by.pk == draw.operator_id:
        return parties[Role.OPERATOR]
    inspector = parties[Role.INSPECTOR]
    if not may(by, summons.WITNESS) or inspector.user_id not in (None, by.pk):
        raise PermissionDenied("services.commit_draw")
    return inspector


@article("10(4)")
def read_pool(draw: Draw, *, by: User) -> PanelReading:
    """局纪检工作人员监督: the inspector, who has no part in it, looks at everybody in the pool and out of it, on record."""
    if not may(by, "services.view_poolentry") or draw.concerns(by) or draw.panel.is_run_by(by):
        raise PermissionDenied("services.view_poolentry")
    return PanelReading.objects.create(panel=draw.panel, reader=by, what=POOL_SEEN)


def has_read(draw: Draw, user: User) -> bool:
    """Whether this person has looked at the pool since it was frozen."""
    return draw.panel.readings.filter(reader=user, what=POOL_SEEN, at__gte=draw.frozen_at).exists()


@transition(Draw, source=[State.FROZEN], target=None, article="10(4)", guest=True)
def commit(draw, *, by, commitment):
    """提交随机数承诺"""
    party = party_of(draw, by)
    if party.commitment:
        raise Refused("已经提交过承诺，不能再改", "10(4)")
    if not COMMITMENT.fullmatch(commitment):
        raise Refused("承诺应是64位十六进制数，请用页面生成", "10(4)")
    if party.role == Role.INSPECTOR:
        if not has_read(draw, by):
            raise Refused("请先看候选池和回避名单，再提交承诺", "10(4)")
        party.user = draw.inspector = by
    party.commitment, party.committed_at = commitment, clock.now()
    party.save()


@transition(Draw, source=[State.FROZEN], target=State.FIXED, article="10(4)")
def fix(draw, *, by):
    """固定条件，开始抽取"""
    if by.pk != draw.operator_id:
        raise Refused("应由锁定候选池的经办人开始抽取", "10(4)")
    if waits := [each.get_role_display() for each in draw.parties.all() if not each.commitment]:
        raise Refused(f"还要等{'、'.join(waits)}提交承诺", "10(4)")
    if draw.due_at and clock.now() >= draw.due_at:
        raise Refused("公开数值已经产生，不能再固定条件；请作废重来", "10(4)")
    header = transcripts.header_of(draw)
    draw.header, draw.header_hash = protocol.canon(header), protocol.header_hash(header)
    draw.fixed_at = clock.now()


@transition(Draw, source=[State.FIXED], target=None, article="10(4)", guest=True)
def reveal(draw, *, by, secret):
    """公开随机数"""
    party = party_of(draw, by)
    if party.secret:
        raise Refused("随机数已经公开", "10(4)")
    if draw.due_at and clock.now() >= draw.due_at:
        raise Refused("公开数值已经产生，不能再公开随机数；请作废重来", "10(4)")
    promised = protocol.commitment(draw.algorithm, draw.draw_id, party.role, party.ident, draw.pool_root, secret)
    if not secret or promised != party.commitment:
        raise Refused("这不是您承诺时的随机数", "10(4)")
    party.secret, party.revealed_at = secret, clock.now()
    party.save()
    if draw.profile == Draw.Profile.HERE and all(each.secret for each in draw.parties.all()):
        return partial(draw_lots, draw, by=by)
    return None


def canonical(source: str, value: str) -> str:
    """The public value as the protocol writes it; the numbers of a lottery ascending, two digits, one blank between."""
    words = value.split()
    if source not in LOTTERIES:
        return " ".join(words)
    count, highest = LOTTERIES[source]
    numbers = sorted(int(each) for each in words if each.isdecimal())
    right = len(words) == len(numbers) == count and numbers[0] >= 1 and numbers[-1] <= highest
    if not right or (source == Draw.Source.KL8 and len(set(numbers)) < count):
        raise Refused(f"应是{count}个1到{highest}的号码，用空格隔开", "10(4)")
    return " ".join(f"{each:02d}" for each in numbers)


@transition(Draw, source=[State.FIXED], target=None, article="10(4)")
def enter_value(draw, *, by, value):
    """录入公开数值"""
    if by.pk != draw.operator_id and not may(by, summons.WITNESS):
        raise Refused("应由这次抽取的经办人和纪检监督人录入", "10(4)")
    if draw.profile != Draw.Profile.PUBLIC or clock.now() < draw.due_at:
        raise Refused("公开数值还没有产生", "10(4)")
    if not all(each.secret for each in draw.parties.all()):
        raise Refused("公开数值产生以前没有收齐随机数，这次抽取只能作废", "10(4)")
    value = canonical(draw.source, value)
    if not value:
        raise Refused("请填公开数值", "10(4)")
    if draw.typed_by_id in (None, by.pk):
        draw.typed_value, draw.typed_by = value, by
        return None
    if value != draw.typed_value:
        raise Refused("和第一次录入的不一样，请两个人一起核对", "10(4)")
    draw.public_value, draw.value_by = value, by
    return partial(draw_lots, draw, by=by)


@transition(Draw, source=[State.FIXED], target=State.DRAWN, article="10(4)", follows=True)
def draw_lots(draw, *, by):
    """抽取"""
    found = transcripts.record(draw)
    draw.record_hash, draw.drawn_at = found["record_hash"], clock.now()
    return partial(seats.call_drawn, draw, found["panel"])


@transition(Draw, source=[State.DRAWN, State.OPENED], target=None, article="10(4)")
def sign(draw, *, by):
    """在抽取记录上签字"""
    field = {draw.operator_id: "operator_signed_at", draw.inspector_id: "inspector_signed_at"}.get(by.pk)
    if field is None:
        raise Refused("应由这次抽取的经办人和纪检监督人签字", "10(4)")
    if getattr(draw, field):
        raise Refused("已经签过字", "10(4)")
    setattr(draw, field, clock.now())


TWO_SIGN = "结果已经能算出，作废要由纪检监督人提出、局领导同意"
LIVE = [State.FROZEN, State.FIXED, State.DRAWN]


@transition(Draw, source=LIVE, target=None, article="10(4)")
def ask_abort(draw, *, by, reason):
    """提出作废"""
    before_review(draw)
    if result_is_known(draw) and not may(by, summons.WITNESS):
        raise Refused(TWO_SIGN, "10(4)")
    missing = [each.get_role_display() for each in draw.parties.all() if not (each.secret or is_waiting(draw, each))]
    draw.abort_reason, draw.abort_asked_by, draw.abort_due_to = reason, by, "、".join(missing)


def is_waiting(draw: Draw, party: DrawParty) -> bool:
    """Whether it is not this party's turn: it has promised, and the conditions are not fixed."""
    return draw.state == State.FROZEN and bool(party.commitment)


def result_is_known(draw: Draw) -> bool:
    """Whether somebody can know it by now: of all secrets at most one is not yet shown."""
    return draw.state == State.DRAWN or (
        draw.state == State.FIXED and sum(not each.secret for each in draw.parties.all()) <= 1
    )


def before_review(draw: Draw):
    if draw.panel.convened_at:
        raise Refused("评审已经开始，不能再作废抽取", "10(4)")


def why_not_abort(draw: Draw, by: User) -> str:
    """Why this person's word does not end the draw, in words; empty where it does."""
    asked = draw.abort_asked_by
    if asked is None:
        return "还没有人提出作废"
    if asked == by:
        return "提出作废的人不能自己同意，应由另一人签字"
    pair = [asked, by]
    if not any(may(each, summons.WITNESS) for each in pair):
        return "作废要有纪检监督人签字"
    if result_is_known(draw) and not any(may(each, summons.SELECT) for each in pair):
        return TWO_SIGN
    return ""


@transition(Draw, source=LIVE, target=State.ABORTED, article="10(4)")
def abort(draw, *, by):
    """同意作废"""
    before_review(draw)
    if words := why_not_abort(draw, by):
        raise Refused(words, "10(4)")
    draw.aborted_by, draw.aborted_at = by, clock.now()
    return partial(start_over, draw.panel, by=by)


@transition(Draw, source=[State.DRAWN], target=State.OPENED, article="10(4)", follows=True)
def unseal(draw, *, by):
    """公开名单"""
    draw.opened_at = clock.now()


def frozen_for(panel: ReviewPanel) -> Draw | None:
    """The draw of this review that counts, if there is one."""
    return panel.draws.live().first()
