"""Reviews of the demo: two that are over, one whose draw waits for the inspector, one that calls the demo's expert."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from experts.models import Expert
from expertteam import calendar, clock
from expertteam.demo_life.agenda import Story, working_days_before
from expertteam.models import User
from expertteam.workflow import LINK
from services import draw as protocol
from services import pool
from services.actions import choice, conclusion, draw, panel, scoring, seat
from services.models import Draw, DrawParty, ReviewPanel, ScoreTemplate, Seat

REVIEWS = tomllib.loads((Path(__file__).parent / "reviews.toml").read_text(encoding="utf8"))["reviews"]
PLACE = "市人社局三层评审室"
MARKS = [Decimal("0.78"), Decimal("0.84"), Decimal("0.81"), Decimal("0.88"), Decimal("0.75"), Decimal("0.86")]


def reviews(bureau, last: date) -> list[Story]:
    """Every review as a story of its own."""
    past = [reviewed(bureau, entry, last - timedelta(weeks=entry["weeks"])) for entry in REVIEWS]
    return [*past, waiting_for_the_inspector(bureau, last), calling_the_expert(bureau, last)]


def secret(who: str, it: Draw) -> str:
    """What a party of the demo would have its browser make; here it is the same in every life."""
    return protocol.digest("sha256", "demo", who, it.draw_id)


def drafted(bureau, entry: dict, begins, seats: int) -> ReviewPanel:
    """Its conditions and its projects, as the operator enters them."""
    operator = bureau.accounts["intake"]
    it = panel.draft(
        by=operator, title=entry["title"], kind=entry["kind"], starts_at=begins, ends_at=begins + timedelta(hours=3),
        place=PLACE, template=ScoreTemplate.objects.get(name=entry["template"]), need=[[pool.ANY, seats]], alternates=2,
        pass_score=Decimal(entry["pass_score"]) if "pass_score" in entry else None,
        small_reason="" if seats > 3 else "只有一个项目，书面评审",
    )  # fmt: skip
    for project in entry["projects"]:
        parties = [{"role": "applicant", "name": project["applicant"]}, {"role": "head", "name": project["head"]}]
        facts = {key: project[key] for key in ("name", "applicant", "summary")}
        panel.add_project(it, by=operator, parties=parties, **facts)
    return it


def enough(seats: int) -> bool:
    """Whether the team is large enough for a draw by now; the smallest lives of the demo have no reviews."""
    return Expert.objects.serving(clock.today()).count() >= 2 * seats + 2


def parties(bureau, it: Draw) -> dict[str, User | object]:
    """Who adds a secret to this draw, by the name under which he makes it; the witness comes by his link."""
    witness = {"witness": LINK} if it.parties.filter(role=DrawParty.Role.WITNESS).exists() else {}
    return {name: bureau.accounts[name] for name in ("intake", "inspector")} | witness


def promised(bureau, it: ReviewPanel) -> Draw:
    """Everybody has made a secret and promised it."""
    found = draw.frozen_for(it)
    for name, who in parties(bureau, found).items():
        promise(bureau, found, name, who)
    return found


def promise(bureau, it: Draw, name: str, who):
    party = draw.party_of(it, who)
    if party.role == DrawParty.Role.INSPECTOR:
        draw.read_pool(it, by=who)
    if who is LINK:
        draw.invite_witness(it, by=bureau.accounts["intake"])
    ident = party.ident if who is LINK else f"u{who.pk}"
    said = protocol.commitment("sha256", it.draw_id, party.role, ident, it.pool_root, secret(name, it))
    draw.commit(it, by=who, commitment=said)


def reviewed(bureau, entry: dict, around: date) -> Story:
    """From the conditions to the published result."""
    on = calendar.deadline(around, 1, start_counts=False).day
    begins = clock.instant(on, 9, 30)
    yield clock.instant(working_days_before(on, 1), 9, 5)
    if not enough(entry["seats"]):
        return
    it, operator, inspector = (
        drafted(bureau, entry, begins, entry["seats"]),
        bureau.accounts["intake"],
        bureau.accounts["inspector"],
    )
    if "aborted" in entry:
        draw.freeze(it, by=operator, profile="A", witness="申建新", organisation="市工商联", phone="13900180066")
        yield clock.now() + timedelta(minutes=20)
        draw.ask_abort(draw.frozen_for(it), by=operator, reason=entry["aborted"])
        draw.abort(draw.frozen_for(it), by=inspector)
    yield from drawn(bureau, it, entry)
    yield from answered(bureau, it, entry)
    yield begins - timedelta(minutes=15)
    for each in it.seats.filter(state=Seat.State.ACCEPTED).select_related("expert__user"):
        seat.sign_in(each, by=each.expert.user)
    panel.take_seat(it, by=inspector)
    yield begins
    it.refresh_from_db()
    if it.state != ReviewPanel.State.SEATED:  # too many were away that day
        draw.ask_abort(draw.frozen_for(it), by=inspector, reason="到场的专家不足，另行安排。")
        draw.abort(draw.frozen_for(it), by=bureau.accounts["leader"])
        return
    panel.convene(it, by=operator)
    yield begins + timedelta(minutes=100)
    for each in it.seats.judging().select_related("expert__user"):
        scored(it, each)
    yield begins + timedelta(minutes=entry.get("lasts", 130))
    conclusion.close_scoring(it, by=operator, break_minutes=10)
    for each in it.seats.judging().select_related("expert__user"):
        conclusion.sign(each, by=each.expert.user, dissent=entry.get("dissent", "") if each.place == 2 else "")
    conclusion.conclude(it, by=inspector)
    yield bureau.hours.soon(2)
    conclusion.publish(it, by=bureau.accounts["reviewer"], statement="评审结果经局务会研究同意，现予公布。")


def drawn(bureau, it: ReviewPanel, entry: dict) -> Story:
    """The draw: at once, or overnight with a public value that did not exist when all secrets were shown."""
    operator, inspector = bureau.accounts["intake"], bureau.accounts["inspector"]
    public = {}
    if "public" in entry:
        due = clock.instant(clock.today(), 21, 30)
        public = {"source": Draw.Source.KL8, "issue": entry["public"], "due_at": due}
    draw.freeze(it, by=operator, profile="B" if public else "A", **public, **entry.get("seen_by", {}))
    yield clock.now() + timedelta(minutes=25)
    found = promised(bureau, it)
    draw.fix(found, by=operator)
    for name, who in parties(bureau, found).items():
        draw.reveal(found, by=who, secret=secret(name, found))
    if public:
        yield public["due_at"] + timedelta(minutes=15)
        numbers = " ".join(f"{3 * n + 5:02d}" for n in range(20))
        draw.enter_value(found, by=operator, value=numbers)
        draw.enter_value(found, by=inspector, value=numbers)
    for person in (operator, inspector):
        draw.sign(found, by=person)


def answered(bureau, it: ReviewPanel, entry: dict) -> Story:
    """Who is free accepts the same day; the seat of one who is not passes to the next ticket."""
    yield clock.now() + timedelta(minutes=40)
    declining = entry.get("declines", 0)
    while called := list(it.seats.filter(state=Seat.State.CALLED).select_related("expert__user")):
        for each in called:
            busy = each.expert.engagements.between(it.starts_at, it.ends_at).exists()
            if busy or declining > 0:
                stand_down(bureau, each, "那个时间已有别的安排。" if busy else "那天要带学生外出实训。")
                declining -= 1
            else:
                seat.accept(each, by=each.expert.user)
        yield clock.now() + timedelta(minutes=15)


def stand_down(bureau, member: Seat, reason: str):
    """He says no, and both sign for it."""
    seat.decline(member, by=member.expert.user, why="declined", reason=reason)
    seat.pass_on(member, by=bureau.accounts["intake"])
    seat.stand_down(member, by=bureau.accounts["inspector"])


def scored(it: ReviewPanel, member: Seat):
    """What one member gives every project: about as much as the others."""
    scoring.declare(member, by=member.expert.user, conflicts={})
    for project in it.projects.all():
        share = MARKS[(member.place + project.place) % len(MARKS)]
        marks = {each["key"]: (each["most"] * share).quantize(Decimal("0.5")) for each in it.criteria}
        sheet = scoring.sheet_of(member, project)
        scoring.submit(sheet, by=member.expert.user, marks=marks, comment="材料齐全，思路清楚。")


def waiting_for_the_inspector(bureau, last: date) -> Story:
    """Frozen yesterday for the next days; the operator has promised, the inspector is awaited."""
    day = working_days_before(last + calendar.ONE_DAY, 1)
    yield clock.instant(day, 15, 20)
    if not enough(5):
        return
    begins = clock.instant(calendar.deadline(day, 2, start_counts=False).day, 14)
    it = drafted(bureau, REVIEWS[0] | {"title": "创业示范园区复核评审", "kind": "park"}, begins, 5)
    draw.freeze(it, by=bureau.accounts["intake"], profile="A")
    promise(bureau, draw.frozen_for(it), "intake", bureau.accounts["intake"])


def calling_the_expert(bureau, last: date) -> Story:
    """A small review whose members were chosen on three people's word; the demo's expert has not answered yet."""
    day = working_days_before(last + calendar.ONE_DAY, 1)
    yield clock.instant(day, 16, 10)
    own = Expert.objects.serving(clock.today()).filter(user__username="expert").first()
    begins = own and free_time(own)
    if not begins or not enough(3):
        return
    it = drafted(bureau, REVIEWS[1] | {"title": "创业项目库入库评审", "kind": "library"}, begins, 3)
    able = [each for each in pool.candidates(it) if not each.why]
    if own not in [each.expert for each in able]:  # he was drawn too often of late
        return
    free = {each.employer: each.expert for each in able if each.expert != own}
    free.pop(own.employer_code, None)
    panel.choose(
        it, by=bureau.accounts["intake"], reason="只有一个入库项目，书面评审，两天内要出意见，抽取的时间不够。",
        chosen=[(pool.ANY, each) for each in [own, *list(free.values())[:2]]],
    )  # fmt: skip
    asked = it.choices.get()
    choice.support(asked, by=bureau.accounts["inspector"], opinion="理由属实，人选没有需要回避的情形。")
    choice.approve(asked, by=bureau.accounts["leader"], decision="同意。")
    for each in it.seats.exclude(expert=own).select_related("expert__user"):
        seat.accept(each, by=each.expert.user)


def free_time(expert: Expert):
    """Half a day, the day after tomorrow or the next working day, on which this expert has nothing else."""
    for days in (2, 3):
        on = calendar.deadline(clock.today(), days, start_counts=False).day
        for hour in (9, 14):
            begins = clock.instant(on, hour)
            if not expert.engagements.between(begins, begins + timedelta(hours=3)).exists():
                return begins
    return None
