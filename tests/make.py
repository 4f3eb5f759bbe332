"""Builders: the least that makes a valid record; every test states what matters to it."""

import itertools
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.models import QuerySet

from evaluations.assessing import worked_out
from evaluations.models import (
    Assessment,
    Delivery,
    Dismissal,
    DismissalFile,
    Honour,
    Merit,
    Rating,
    RatingCase,
    Refusal,
    Report,
    Scheme,
    Strike,
)
from experts import actions as experts
from experts.models import Partner, PartnerKey
from experts.models.partner import digest
from experts.rules import last_day
from expertteam import clock, consents
from expertteam.guards import GUARDS, Guard
from expertteam.models import AccountChange, RoleGrant, User
from expertteam.regulation import IN_FORCE
from payments.models import BankAccount, BankReturn, Batch, Claim, Correction, Line, Rate, RateSchedule, ScheduleFile
from payments.rules import SCOPES
from recruitment import actions, categories
from recruitment.models import (
    Application,
    Candidate,
    Document,
    FormerImport,
    FormerRow,
    Notice,
    Objection,
    Round,
    SuccessCase,
    Wish,
    WorkPeriod,
)
from recruitment.progress import PLEDGES
from services import actions as services
from services.models import (
    Activity,
    ActivityRole,
    Choice,
    ChosenExpert,
    Draw,
    DrawParty,
    Engagement,
    Halt,
    Offer,
    Pairing,
    PairingMember,
    PoolEntry,
    RecusalRequest,
    ReviewPanel,
    ReviewProject,
    ScoreSheet,
    ScoreTemplate,
    Seat,
    Service,
    ServiceRequest,
    SignUp,
    WeeklyHours,
)

_numbers = itertools.cycle(range(1_001, 10_000))  # more than a test makes, four digits, above what the portal counts
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def pdf(name="材料.pdf"):
    """A small honest upload."""
    return SimpleUploadedFile(name, PDF, "application/pdf")


def sign_in(http, user):
    """Sign in, staff with the second factor that the door asks of them."""
    if user.is_staff:
        Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
    http.force_login(user)


def make_user(**fields):
    number = next(_numbers)
    fields = {"username": f"person{number}", "name": "王芳"} | fields
    return User.objects.create_user(**fields)


def make_round(**fields):
    """Open through March 2026, screened and reviewed in April."""
    dates = {
        "opens_on": date(2026, 3, 1),
        "closes_on": date(2026, 3, 31),
        "screening_until": date(2026, 4, 15),
        "review_until": date(2026, 4, 30),
    }
    return Round.objects.create(**{"name": f"2026年第{next(_numbers)}批"} | dates | fields)


def make_application(state="draft", **fields):
    """An application in any state, with only what the database demands of that state."""
    number = next(_numbers)
    if "round" not in fields:
        fields["round"] = make_round()
    fields.setdefault("applicant", make_user())
    if state not in ("draft", "withdrawn"):
        fields.setdefault("category", 2)
        fields.setdefault("submitted_at", clock.instant(date(2026, 3, 2), 9))
    if state == "returned":
        fields = {"returned_on": date(2026, 3, 2), "supplement_days": 5} | fields
    if state == "appointed" and "appointment" not in fields:
        fields["appointment"] = make_appointment(user=fields["applicant"])
    return Application.objects.create(**{"number": f"SQ2026{number:04d}", "state": state} | fields)


def make_in_state(model, state):
    """A record in any state, with only what the database demands of that state; no verb has touched it."""
    return {
        AccountChange: make_account_change,
        Activity: make_activity,
        ActivityRole: make_activity_role,
        Application: make_application,
        Assessment: make_assessment,
        BankAccount: make_bank_account,
        BankReturn: make_bank_return,
        Batch: make_batch,
        Choice: make_choice,
        Correction: make_correction,
        Dismissal: make_dismissal,
        Document: make_document,
        Draw: make_draw,
        FormerImport: make_former_import,
        Halt: make_halt,
        Honour: make_honour,
        Notice: make_bare_notice,
        Objection: make_bare_objection,
        Offer: make_offer,
        Pairing: make_pairing,
        PartnerKey: make_partner_key,
        RateSchedule: make_rate_schedule,
        Rating: make_rating,
        RatingCase: make_rating_case,
        RecusalRequest: make_recusal_request,
        Refusal: make_refusal,
        Report: make_report_of_somebody,
        ReviewPanel: make_panel,
        RoleGrant: make_role_grant,
        ScoreSheet: make_score_sheet,
        Seat: make_seat,
        Service: make_service,
        ServiceRequest: make_request,
        SignUp: make_sign_up,
        Strike: make_strike,
    }[model](state=state)


def make_document(state="received", **fields):
    """A piece of evidence without its file."""
    fields.setdefault("application", make_application(state="submitted"))
    whole = {"kind": "identity", "size": 1, "content_type": "application/pdf", "reason": "不清楚"}
    return Document.objects.create(state=state, **whole | fields)


def make_bare_notice(state="published", **fields):
    """A notice with nobody on it, public from 2026-03-03 to 2026-03-09 18:00."""
    period = {
        "days": 5,
        "end_hour": 18,
        "released_at": clock.instant(date(2026, 3, 2), 9),
        "begins_at": clock.instant(date(2026, 3, 3)),
        "ends_at": clock.instant(date(2026, 3, 9), 18),
    }
    fields.setdefault("round", make_round())
    return Notice.objects.create(state=state, title="拟聘任人选公示", **({} if state == "draft" else period) | fields)


def make_bare_objection(state="received", **fields):
    """An objection to a whole list, or a lead where the state is one of a lead."""
    counts = state not in ("lead", "filed")
    said = {
        "name": "高明" if counts else "",
        "counts": counts,
        "upheld": False if state in ("decided", "answered") else None,
        "receipt": f"YC{next(_numbers):010d}",
        "received_at": clock.instant(date(2026, 3, 4), 9),
    }
    fields.setdefault("notice", make_bare_notice())
    return Objection.objects.create(state=state, kind=Objection.Kind.PROCEDURE, facts="程序不合", **said | fields)


def make_role_grant(state="proposed", **fields):
    """A role for somebody, proposed by somebody else."""
    people = {} if "user" in fields else {"user": make_user()}
    return RoleGrant.objects.create(state=state, **{"role": "intake", "proposed_by": make_user()} | people | fields)


def make_partner(**fields):
    """A site that may show the directory in a frame."""
    whole = {"name": f"太原市云孵化平台{next(_numbers)}", "origins": ["https://www.example.cn"]}
    return Partner.objects.create(**whole | fields)


def make_partner_key(state="active", text="", **fields):
    """A key to book, confirmed where it opens anything, to the end of August; ``text`` is what the partner shows."""
    text = text or PartnerKey.new()
    fields["partner"] = fields.get("partner") or make_partner()
    people = {"proposed_by": make_user(), "confirmed_by": None if state == "proposed" else make_user()}
    whole = {"scope": "book", "last_day": date(2026, 8, 31), "digest": digest(text), "hint": text[:8]}
    return PartnerKey.objects.create(state=state, **people | whole | fields)


def make_account_change(state="proposed", **fields):
    """Another mobile number for somebody, asked for by an officer; what is confirmed has its second person."""
    fields.setdefault("user", make_user())
    at = clock.instant(date(2026, 3, 2), 9)
    second = {"confirmed_by": make_user(), "confirmed_at": at, "proved_at": at} if state in ("cooling", "done") else {}
    effective = {"effective_at": at + timedelta(days=3)} if second else {}
    whole = {"kind": "phone", "proposed_by": make_user(), "phone": "13900000077", "code_until": at} | second | effective
    return AccountChange.objects.create(state=state, **whole | fields)


def make_complete_application(applicant=None, **fields):
    """A draft of a certified manager that lacks nothing and passes every measurable condition."""
    number = next(_numbers)
    applicant = applicant or make_user()
    applicant.phone = applicant.phone or f"138{number:08d}"
    applicant.id_kind, applicant.id_number = "passport", f"E{number:08d}"
    applicant.save()
    whole = {
        "category": 2,
        "profession": "manager",
        "employer": "太原某装备公司",
        "position": "总经理",
        "district": "140105",
        "topics": ["management", "finance"],
        "line": "帮小企业理顺经营和融资",
        "biography": "管理制造企业十年。",
        "public_fields": ["employer"],
    }
    application = make_application(applicant=applicant, **whole | fields)
    WorkPeriod.objects.create(
        application=application, employer="太原某装备公司", position="总经理",
        first=date(2015, 1, 1), last=None, in_field=True, managed=True,
    )  # fmt: skip
    SuccessCase.objects.create(
        application=application, client="某面馆", year=2024, story="帮助重做成本核算，当年扭亏。"
    )
    for evidence in categories.evidence_for(application.category, application.profession):
        if evidence.required:
            actions.attach(application, by=applicant, kind=evidence.code, upload=pdf())
    for kind in [*PLEDGES, "public_directory"]:
        consents.sign(applicant, kind)
    return application


def make_recommendable(application, *, by):
    """Submit it and settle everything that first review has to settle."""
    actions.submit(application, by=application.applicant)
    for document in Document.objects.filter(application=application):
        actions.verify(document, by=by)
    for article in ["5(1)", "5(2)", "5(3)", "5(6)", "5(8)", "6(1)", "6(2)", "6(3)", "6(4)", "6(5)"]:
        actions.judge(application, by=by, article=article, met=True, note="已核实")
    return application


def make_approved(*, intake, reviewer, **fields):
    """An application that went the whole way to approval through the verbs."""
    application = make_recommendable(make_complete_application(**fields), by=intake)
    actions.recommend(application, by=intake, opinion="材料齐全，符合条件")
    actions.approve(application, by=reviewer, opinion="同意")
    return application


def make_notice(*applications, by, on=None):
    """A published notice of these approved applications, released on that day."""
    with clock.at(on) if on else clock.at(clock.now()):
        notice = actions.draft_notice(
            by=by,
            round=applications[0].round,
            title="拟聘任人选公示",
            statement="拟聘任以下人选。",
            applications=applications,
        )
        actions.publish(notice, by=by)
    for application in applications:
        application.refresh_from_db()
    return notice


def make_listed(people=1, *, by, on=date(2026, 3, 2)):
    """The candidates of a notice released that day; how they came to be approved is left out."""
    round = make_round()
    applications = [make_application(state="approved", round=round) for _ in range(people)]
    for application in applications:
        consents.sign(application.applicant, "confidentiality")
    notice = make_notice(*applications, by=by, on=on)
    return list(notice.candidates.select_related("notice", "application__applicant"))


FIRST_DAY = date(2026, 3, 1)  # of a term for which a test names none


def make_appointment(user=None, first_day=None, **fields):
    """A term under the former document, which needs no notice.

    One that began before the Measures comes through an import, as the database asks; tests of everything else have a
    later one as well, written past that guard.
    """
    user, first_day = user or make_user(), first_day or FIRST_DAY
    consents.sign(user, "confidentiality")
    leader = User.objects.filter(username="decider").first() or make_user(username="decider", name="局领导")
    with clock.at(datetime(2026, 2, 27, 8, tzinfo=clock.now().tzinfo)), transaction.atomic():
        term = {"name": user.name, "category": 2, "first_day": first_day, "last_day": last_day(first_day)}
        term |= {name: fields.pop(name) for name in ("name", "category", "number", "last_day") if name in fields}
        term.setdefault("number", experts.next_number(first_day.year))
        expert = experts.enter(user, fields.pop("topics", ["management"]), fields)
        if first_day < IN_FORCE[0]:
            make_former_row(account_key=user.pk, expert_key=expert.pk, taken_by=leader, **term)
            return experts.take_over(expert, by=leader, reason="导入", **term)
        with unguarded("art15_former_terms_come_by_import_alone"):
            return experts.take_over(expert, by=leader, reason="导入", **term)


def make_former_row(*, taken_by, number, first_day, last_day, account_key, expert_key, **_):
    """A row of an import that was taken in, without what it brings about."""
    record = make_former_import()
    kept = {"number": number, "first_day": first_day, "last_day": last_day}
    row = FormerRow.objects.create(
        source=record, place=2, cells="{}", outcome="new", account_key=account_key, expert_key=expert_key, **kept
    )
    put_in_state(record, "taken", taken_by)
    return row


def make_former_import(state="checked", **fields):
    """A table of the former team without rows."""
    serial = next(_numbers)
    whole = {"number": f"DR2602{serial:04d}", "filename": "名单.xlsx", "digest": f"{serial:064x}"}
    record = FormerImport.objects.create(**whole | {"read_by": make_user()} | fields)
    for each in {"taken": ["taken"], "undone": ["taken", "undone"], "aside": ["aside"]}.get(state, []):
        put_in_state(record, each, make_user())
    return record


def put_in_state(record, state, by):
    """As the verb leaves it."""
    record.state = state
    if state == "taken":
        record.taken_by, record.taken_at = by, clock.now()
    if state == "undone":
        record.reason = "名单有误"
    record._history_user = by
    record.save()


def make_expert(**fields):
    """An expert in term from 2026-03-01 whose directory consent stands."""
    appointment = make_appointment(**fields)
    consents.sign(appointment.expert.user, "public_directory")
    return appointment.expert


def make_wish(**fields):
    """An expert whose term ends on 2026-04-30 would like another one; said on 2026-03-02."""
    if "term" not in fields:
        fields["term"] = make_appointment(first_day=date(2023, 5, 1))
    said = {"words": "还想继续帮创业者。", "at": clock.instant(date(2026, 3, 2), 9)}
    return Wish.objects.create(**said | fields)


def make_objection(candidate: Candidate, /, **fields):
    """A real-name objection to this person (``candidate=None``: to the whole list), received now."""
    said = {
        "candidate": candidate,
        "kind": Objection.Kind.UNTRUE,
        "facts": "2023年不在该单位任职。",
        "name": "高明",
        "phone": "13900000001",
    }
    return actions.lodge(candidate.notice, **said | fields)


def candidate_of(application, notice: Notice):
    return notice.candidates.get(application=application)


def course(*, intake, reviewer, released=date(2026, 3, 2), **fields):
    """An application on a notice released that day: ``application``, ``notice``, ``candidate``."""
    application = make_approved(intake=intake, reviewer=reviewer, **fields)
    notice = make_notice(application, by=reviewer, on=released)
    return SimpleNamespace(application=application, notice=notice, candidate=candidate_of(application, notice))


def make_hours(expert, weekday, begins, ends):
    """A period of every week: ``make_hours(expert, 0, "09:00", "12:00")`` for Monday mornings."""
    return WeeklyHours.objects.create(
        expert=expert, weekday=weekday, begins=time.fromisoformat(begins), ends=time.fromisoformat(ends)
    )


def make_engagement(expert, starts_at, minutes=60, **fields):
    """Time of an expert that is taken, by a panel unless said otherwise, which needs nothing to refer to."""
    ends_at = starts_at + timedelta(minutes=minutes)
    return Engagement.objects.create(
        **{"expert": expert, "starts_at": starts_at, "ends_at": ends_at, "purpose": "panel"} | fields
    )


def make_pairing(state="active", members=1, **fields):
    """A pairing from 2026-03-02 to 2026-08-31, a contact every 30 days, with so many founders."""
    dates = {"starts_on": date(2026, 3, 2), "ends_on": date(2026, 8, 31)}
    closed = {"result": "achieved", "closed_at": clock.instant(date(2026, 8, 31), 9)} if state == "closed" else {}
    fields.setdefault("expert", None)
    fields["expert"] = fields["expert"] or make_expert()
    fields.setdefault("proposed_by", User.objects.filter(username="decider").first() or make_user())
    whole = {"number": f"JD2603{next(_numbers):04d}", "goals": "三个月内理顺成本核算", "cadence_days": 30}
    pairing = Pairing.objects.create(state=state, **whole | dates | closed | fields)
    for _ in range(members):
        make_pairing_member(pairing)
    return pairing


def make_pairing_member(pairing, **fields):
    """A founder who commissioned the help by telephone before it began."""
    number = next(_numbers)
    said = {"name": "刘小满", "phone": f"137{number:08d}", "channel": "phone"}
    days = {"commissioned_on": date(2026, 2, 27), "joined_on": pairing.starts_on}
    return PairingMember.objects.create(pairing=pairing, **said | days | fields)


def make_activity(state="open", **fields):
    """A salon on Friday 2026-03-20 from 14:00 to 16:00 with two seats."""
    whole = {
        "number": f"HD2603{next(_numbers):04d}",
        "kind": "salon",
        "title": "小店怎么记账",
        "text": "带上您的流水账。",
        "starts_at": clock.instant(date(2026, 3, 20), 14),
        "ends_at": clock.instant(date(2026, 3, 20), 16),
        "place": "市创就业服务中心二楼",
        "capacity": 2,
        "published_at": None if state == "draft" else clock.instant(date(2026, 3, 2), 9),
    }
    fields.setdefault("drafted_by", None)
    fields["drafted_by"] = fields["drafted_by"] or make_user()
    return Activity.objects.create(state=state, **whole | fields)


def make_activity_role(state="invited", **fields):
    """An expert asked to speak for the first hour; the time of one who accepted is taken."""
    fields["activity"] = activity = fields.get("activity") or make_activity()
    fields["expert"] = fields.get("expert") or make_expert()
    whole = {"role": "speaker", "starts_at": activity.starts_at, "minutes": 60}
    if state == "accepted":
        taken = {"purpose": "activity", "activity": activity}
        whole["engagement"] = make_engagement(fields["expert"], activity.starts_at, 60, **taken)
    return ActivityRole.objects.create(state=state, **whole | fields)


def make_sign_up(state="seated", **fields):
    """Somebody signed up on the web."""
    number = next(_numbers)
    fields["activity"] = fields.get("activity") or make_activity()
    said = {"name": "刘小满", "phone": f"136{number:08d}", "line": number}
    kept = {"consent_version": "2026-1", "consent_digest": "0" * 64}
    return SignUp.objects.create(state=state, **said | kept | fields)


THURSDAY = clock.instant(date(2026, 3, 5), 14)  # when the meetings of these builders take place


def make_request(state="submitted", **fields):
    """Somebody asked on the web on Monday 2026-03-02; with an expert and a time where the state has them."""
    number = next(_numbers)
    matched = state in ("accepted", "arranged", "held", "confirmed", "rated")
    if matched and "expert" not in fields:
        fields["expert"] = make_expert()
    whole = {
        "number": f"YY2603{number:04d}",
        "channel": "web",
        "name": "刘小满",
        "phone": f"135{number:08d}",
        "group": "veteran",
        "topics": ["finance"],
        "question": "担保贷款和合伙出资怎么搭配？",
        "starts_at": THURSDAY if matched and state != "accepted" else None,
        "answer_due": clock.instant(date(2026, 3, 5), 18),
        "submitted_at": clock.instant(date(2026, 3, 2), 9),
    }
    return ServiceRequest.objects.create(state=state, **whole | fields)


def make_offer(state="offered", **fields):
    """A request put before an expert, to be answered by Tuesday 2026-03-03 18:00."""
    fields["expert"] = expert = fields.get("expert") or make_expert()
    asked = {"offered": "offered", "accepted": "arranged", "done": "held", "client_absent": "client_absent"}
    if "request" not in fields:
        matched = {"expert": expert} if state in ("accepted", "done", "client_absent") else {}
        fields["request"] = make_request(asked.get(state, "submitted"), **matched)
    whole = {
        "starts_at": THURSDAY,
        "offered_at": clock.instant(date(2026, 3, 2), 9),
        "answer_due": clock.instant(date(2026, 3, 3), 18),
        "reason_kind": "busy" if state in ("declined", "stood_down") else "",
    }
    return Offer.objects.create(state=state, **whole | fields)


def make_service(state="logged", **fields):
    """An hour on Thursday 2026-03-05 that nobody had booked, logged on Friday."""
    number = next(_numbers)
    fields["expert"] = expert = fields.get("expert") or make_expert()
    whole = {
        "kind": "consulting",
        "topics": ["finance"],
        "started_at": THURSDAY,
        "minutes": 60,
        "name": "刘小满",
        "phone": f"134{number:08d}",
        "summary": "讲了担保贷款的条件。",
        "created_by": expert.user,
    }
    if state != "draft":
        whole |= {"logged_at": clock.instant(date(2026, 3, 6), 9), "confirm_due": date(2026, 3, 13)}
    if state == "confirmed":
        whole |= {"confirmed_via": "link", "confirmed_at": clock.instant(date(2026, 3, 6), 10)}
    if state == "ruled":
        whole |= {"ruled_minutes": 45, "ruling": "双方核对后为45分钟"}
    return Service.objects.create(state=state, **whole | fields)


def make_asked(**said):
    """A request that went through the verb: a veteran with a question, the time left to the centre."""
    number = next(_numbers)
    whole = {
        "channel": "web",
        "name": "刘小满",
        "phone": f"133{number:08d}",
        "group": "veteran",
        "topics": ["finance"],
        "question": "担保贷款和合伙出资怎么搭配？",
    }
    return services.ask(by=said.pop("by", None), **whole | said)


def make_offered(expert, starts_at=THURSDAY, *, by=None, alternates=(), **said):
    """The offer of such a request to this expert, made by a matcher."""
    matcher = by or User.objects.filter(groups__name="matcher").first() or make_matcher()
    request = make_asked(**said)
    services.offer(
        request, by=matcher, expert=expert, starts_at=starts_at, room="2号洽谈室",
        alternates=[each.pk for each in alternates], override="电话里说好的",
    )  # fmt: skip
    return request.offers.get()


def make_matcher():
    user = make_user(name="吴匹配", is_staff=True)
    user.groups.set(Group.objects.filter(name="matcher"))
    return user


def make_arranged(expert, starts_at=THURSDAY, **said):
    """The same, accepted by the expert: a request that is arranged."""
    offer = make_offered(expert, starts_at, **said)
    services.accept(offer, by=expert.user)
    return ServiceRequest.objects.get(pk=offer.request_id)


def make_logged(expert, starts_at=THURSDAY, *, code="", **said):
    """The same, held and logged by the expert right afterwards: a service that waits for the client's word."""
    request = make_arranged(expert, starts_at, **said)
    with clock.at(starts_at + timedelta(hours=1)):
        service = services.start_log(by=expert.user, request=request)
        return services.log(service, by=expert.user, summary="讲了担保贷款的条件。", code=code)


def make_rating(state="given", **fields):
    """Of a service that its client confirmed on Friday 2026-03-06 at ten; given by its link, unless open."""
    if "service" not in fields:
        fields["service"] = make_service("confirmed", **({"expert": fields["expert"]} if "expert" in fields else {}))
    made = clock.instant(date(2026, 3, 6), 10)
    whole = {"expert": fields["service"].expert, "made_at": made, "until": made + timedelta(days=15)}
    if state == "given":
        whole |= {"grade": 4, "channel": "link", "given_at": made + timedelta(hours=1)}
    return Rating.objects.create(state=state, **whole | fields)


def make_rating_case(state="awaiting_call", **fields):
    """Of a poor rating, to be called back by Monday 2026-03-09."""
    if "rating" not in fields:
        fields["rating"] = make_rating(grade=2, wrong=["attitude"])
    whole = {"number": f"PJ2603{next(_numbers):04d}", "call_due": date(2026, 3, 9)}
    if state != "awaiting_call":
        whole |= {
            "called_by": make_user(name="孙受理"),
            "call_note": "对方说没讲清楚",
            "statement_due": date(2026, 3, 16),
        }
    if state in ("found", "rectifying", "closed"):
        found = {"finding": "upheld_attitude", "reasons": "双方说法一致", "found_by": make_user(name="李审核")}
        whole |= found | {"found_at": clock.instant(date(2026, 3, 17), 9)}
    if state == "rectifying":
        whole |= {"order": "向对方当面说明", "rectify_due": date(2026, 3, 31)}
    return RatingCase.objects.create(state=state, **whole | fields)


EVIDENCE = {
    "assessment": "优秀，92.50分", "services": 12, "sessions": 9, "activities": 2, "reviews": 1, "pairings": 1,
    "minutes": 750, "rated": 6, "average": "4.8", "upheld": 0, "late_logs": 0, "stand_downs": 0,
}  # fmt: skip


def make_honour(state="nominated", **fields):
    """Praise for the work of 2026, and what the state demands; the figures are made up."""
    fields["expert"] = fields.get("expert") or make_expert()
    whole = {"kind": "praise", "year": 2026, "criteria": "全年服务满10次", "deeds": "帮12家小店理顺了账。"}
    whole |= {"number": f"BZ2603{next(_numbers):04d}", "evidence": EVIDENCE}
    whole["nominated_by"] = fields.get("nominated_by") or make_user()
    if state != "nominated":
        whole |= {"decision": "事迹属实", "decided_by": make_user(), "decided_at": clock.instant(date(2026, 3, 3), 9)}
    if state == "revoked":
        revoked = {"revoked_by": make_user(), "revoked_at": clock.instant(date(2026, 3, 4), 9)}
        whole |= {"revocation": "事迹失实"} | revoked
    if state in ("conferred", "revoked") and fields.get("kind") == "commendation":
        whole["approval"] = "晋评组发〔2026〕3号"
    return Honour.objects.create(state=state, **whole | fields)


def make_report(state="received", **fields):
    """Somebody with a name reported a sale on Thursday 2026-03-05."""
    whole = {
        "receipt": f"JB{next(_numbers):012d}",
        "kind": "12(4)",
        "about": "王芳",
        "facts": "见面时推销自己的课程。",
        "name": "高明",
        "phone": "13900000001",
        "channel": "web",
        "received_at": clock.instant(date(2026, 3, 5), 9),
        "answer_due": date(2026, 3, 19),
    }
    if state in ("found", "dismissed", "answered"):
        whole |= {"upheld": state == "found", "report": "已找双方核实"}
    if state == "shelved":
        whole |= {"why": "unverifiable", "report": "反映的时间没有服务"}
    return Report.objects.create(state=state, **whole | fields)


def make_report_of_somebody(state="received"):
    """The same, of an expert who is known."""
    return make_report(state, expert=make_expert())


REVIEW = clock.instant(date(2026, 3, 3), 9, 30)  # when the reviews of these builders begin
IN_THE_ROOM = ("open", "signing", "concluded", "published")


def make_panel(state="draft", **fields):
    """A review of Tuesday 2026-03-03 from 09:30 to 12:30 with five seats for anybody."""
    whole = {
        "number": f"PS-2026-{next(_numbers):04d}",
        "title": "创业孵化示范基地评审",
        "kind": "incubator",
        "starts_at": REVIEW,
        "ends_at": REVIEW + timedelta(hours=3),
        "place": "三层评审室",
        "template": ScoreTemplate.objects.get(name="创业大赛简表"),
        "need": [["any", 5]],
    }
    fields.setdefault("drafted_by", None)
    fields["drafted_by"] = fields["drafted_by"] or make_user()
    if state in IN_THE_ROOM:
        whole |= {"inspector": make_user(), "inspector_seated_at": REVIEW}
        whole |= {"convened_by": make_user(), "convened_at": REVIEW}
    whole |= fields
    return ReviewPanel.objects.create(state=state, **{"criteria": whole["template"].criteria} | whole)


def make_score_template(**fields):
    """Two criteria of together 100 points."""
    criteria = [
        {"key": "team", "group": "", "name": "团队", "most": 40},
        {"key": "plan", "group": "", "name": "计划", "most": 60},
    ]
    return ScoreTemplate.objects.create(**{"name": f"评分表{next(_numbers)}", "criteria": criteria} | fields)


def make_project(panel, **fields):
    """The next project before this panel."""
    place = panel.projects.count() + 1
    whole = {"place": place, "name": f"项目{place}", "applicant": "太原某孵化器公司"}
    return ReviewProject.objects.create(panel=panel, **whole | fields)


def make_draw(state="frozen", **fields):
    """A draw whose pool is empty; what is demanded of a later state is made up."""
    fields["panel"] = panel = fields.get("panel") or make_panel("selecting")
    whole = {"draw_id": f"{panel.number}-R{panel.draws.count() + 1}", "pool_root": "0" * 64, "group_salt": "0" * 32}
    whole["operator"] = fields.get("operator") or make_user()
    if state != "frozen":
        whole |= {"inspector": make_user(), "fixed_at": REVIEW, "header": "{}", "header_hash": "0" * 64}
    if state in ("drawn", "opened"):
        whole |= {"record_hash": "0" * 64, "drawn_at": REVIEW}
    if state == "aborted":
        whole |= {"abort_asked_by": whole["operator"], "aborted_by": make_user(), "abort_reason": "见证人没有到场"}
    return Draw.objects.create(state=state, **whole | fields)


def make_choice(state="proposed", **fields):
    """Experts chosen for a reason, on as many people's word as the state demands."""
    fields["panel"] = fields.get("panel") or make_panel("selecting")
    whole = {"reason": "只有一个项目，书面评审", "proposed_by": make_user()}
    if state != "proposed":
        whole |= {"inspector": make_user(), "opinion": "理由属实"}
    if state in ("approved", "refused"):
        whole |= {"approved_by": make_user(), "decision": "同意"}
    return Choice.objects.create(state=state, **whole | fields)


def make_seat(state="called", **fields):
    """The first seat of a review that is open, filled by an approved choice, and what the state demands."""
    fields["panel"] = panel = fields.get("panel") or make_panel("open")
    fields["expert"] = expert = fields.get("expert") or make_expert()
    choice = make_choice("approved", panel=panel)
    ChosenExpert.objects.create(choice=choice, expert=expert, stratum="any")
    place = panel.seats.count() + 1
    whole = {"choice": choice, "place": place, "stratum": "any", "answer_due": clock.instant(date(2026, 3, 2), 13)}
    if state in ("present", "signed"):
        whole["signed_in_at"] = REVIEW
    if state in ("passing", "stood_down"):
        whole |= {"why": "unreachable", "passed_by": make_user()}
    if state == "stood_down":
        whole |= {"stood_down_by": make_user(), "stood_down_at": REVIEW, "stood_down_no": place}
    return Seat.objects.create(state=state, **whole | fields)


def make_room(members=5, projects=1, **fields):
    """A review that is open: so many members who have declared and so many projects, criteria of 40 and 60 points."""
    panel = make_panel("open", **{"template": make_score_template()} | fields)
    for _ in range(projects):
        make_project(panel)
    for _ in range(members):
        make_seat("present", panel=panel, declared_at=REVIEW)
    return panel


def make_score_sheet(state="draft", **fields):
    """A sheet of a member in the room for the first project."""
    fields["seat"] = seat = fields.get("seat") or make_seat("present", declared_at=REVIEW)
    fields["panel"] = seat.panel
    fields.setdefault("project", None)
    fields["project"] = fields["project"] or make_project(seat.panel)
    given = {"total": "80.00", "submitted_at": REVIEW} if state == "submitted" else {}
    return ScoreSheet.objects.create(state=state, **given | fields)


def make_recusal_request(state="received", **fields):
    """A party asks that an expert stays away from its project."""
    fields["panel"] = panel = fields.get("panel") or make_panel()
    whole = {"project": make_project(panel), "expert": fields.get("expert") or make_expert(), "reason": "两家有诉讼"}
    return RecusalRequest.objects.create(state=state, recorded_by=make_user(), **whole | fields)


def make_halt(state="standing", **fields):
    """An inspector has halted a review."""
    fields["panel"] = fields.get("panel") or make_panel("selecting")
    lifted = {"lifted_because": "名单核对无误", "lifted_at": REVIEW} if state == "lifted" else {}
    return Halt.objects.create(state=state, by=make_user(), reason="名单有疑问", **lifted | fields)


def make_draw_party(**fields):
    return DrawParty.objects.create(**{"draw": make_draw(), "role": "operator", "user": make_user()} | fields)


def make_pool_entry(draw, expert, **fields):
    """One line of a frozen pool."""
    h = f"{next(_numbers):064x}"
    whole = {"h": h, "g": h, "salt": "0" * 32, "employer": f"person:{expert.no}", "strata": ["any"]}
    return PoolEntry.objects.create(draw=draw, expert=expert, **whole | fields)


IDLE = {  # the workload of somebody who was invited and did ten hours in ten sessions
    "sessions": 10, "minutes": 600, "activities": 0, "reviews": 0, "late_logs": 0, "stand_downs": 0, "ratings": {},
    "upheld": 0, "strikes": 0, "refusals": 0, "pairings": 0, "invited": True,
}  # fmt: skip


def make_assessment(state="computed", *, year=2026, vetoes=(), **fields):
    """The year 2026 of an expert by the scheme that the bureau begins with: 51 points, not released unless so asked."""
    scheme = fields.setdefault("scheme", Scheme.objects.of_year(year))
    fields["expert"] = fields.get("expert") or make_expert()
    inputs = {
        "workload": IDLE, "days": 306, "year_days": 365, "merits": [], "bureau_mean": None, "bureau_sample": None,
        "vetoes": list(vetoes), "adjustment": "0",
    }  # fmt: skip
    whole = {"year": year, "computed_by": make_user(name="李审核")} | worked_out(inputs, scheme)
    at = clock.instant(date(year + 1, 1, 20), 9)
    if state in ("released", "contested"):
        whole |= {"released_by": make_user(name="周局长"), "released_at": at, "contest_until": date(year + 1, 1, 27)}
    if state == "settled":
        whole |= {"decided_by": make_user(name="郑纪检"), "decided_at": at}
    return Assessment.objects.create(state=state, **whole | fields)


def make_merit(**fields):
    """A sampled record of 2026 that was worth 4 points."""
    fields["expert"] = fields.get("expert") or make_expert()
    whole = {"year": 2026, "kind": "quality", "points": "4.00", "evidence": "抽查3月5日的记录，写得清楚"}
    return Merit.objects.create(**whole | {"by": make_user(name="孙受理")} | fields)


def make_refusal(state="lead", **fields):
    """Of Thursday 2026-03-05: an offer that its expert let lapse, which had reached him."""
    if "offer" not in fields and fields.get("kind", "lapsed") == "lapsed":
        whose = {"expert": fields["expert"]} if "expert" in fields else {}
        fields["offer"] = make_offer("lapsed", **whose)
    offer = fields.get("offer")
    whole = {
        "number": f"BL2603{next(_numbers):04d}",
        "kind": "lapsed",
        "day": date(2026, 3, 5),
        "delivered_at": clock.instant(date(2026, 3, 4), 9),
        "aside": "已核实，专家住院",
    } | ({"expert": offer.expert} if offer else {})
    if state not in ("lead", "set_aside"):
        asked = clock.instant(date(2026, 3, 6), 9)
        whole |= {"asked_by": make_user(name="孙受理"), "asked_at": asked, "reason_due": date(2026, 3, 13)}
    if state == "judged":
        whole |= {"finding": "no_reason", "reasons": "没有说明", "judged_by": make_user(name="李审核")}
        whole |= {"judged_at": clock.instant(date(2026, 3, 16), 9)}
    return Refusal.objects.create(state=state, **whole | fields)


def make_strike(state="standing", *, refusal=None, **fields):
    """On a refusal judged to be without proper reason, unless on the poor rating that ``case`` is about."""
    case = fields.get("case")
    if case:
        service = case.rating.service
        source = {"ground": "12(2)", "service": service, "expert": service.expert, "found_by": case.found_by}
        source |= {"day": clock.local(service.started_at).date(), "found_at": case.found_at}
    else:
        refusal = refusal or make_refusal("judged")
        source = {"ground": "12(3)", "refusal": refusal, "expert": refusal.expert, "found_by": refusal.judged_by}
        source |= {"day": refusal.day, "found_at": refusal.judged_at}
    appealed = {"appeal_words": "那天在医院", "appealed_at": clock.instant(date(2026, 3, 18), 9)}
    decided = {"answer": "已看病历", "reviewed_at": clock.instant(date(2026, 3, 20), 9)}
    whole = {"number": f"JC2603{next(_numbers):04d}", "appeal_until": date(2026, 3, 23), **source}
    whole["appointment"] = source["expert"].appointments.in_force(source["day"]).get()
    whole |= appealed if state != "standing" else {}
    whole |= decided | {"reviewed_by": make_user(name="赵纪检")} if state in ("maintained", "reversed") else {}
    return Strike.objects.create(state=state, **whole | fields)


TO_DISMISSED = ["examining", "notice_issued", "told", "heard", "weighed", "confirmed", "dismissed"]
WAYS = {  # the states on the shortest way to each
    **{state: TO_DISMISSED[: place + 1] for place, state in enumerate(TO_DISMISSED)},
    "proposed": [],
    "hearing_asked": [*TO_DISMISSED[:3], "hearing_asked"],
    "hearing_set": [*TO_DISMISSED[:3], "hearing_asked", "hearing_set"],
    "kept": [*TO_DISMISSED[:5], "kept"],
    "dropped": ["dropped"],
}


def make_dismissal(state="proposed", **fields):
    """On Article 12(4), begun on Monday 2026-03-02, with what each state on the way takes; no verb has touched it."""
    expert = fields.pop("expert", None) or make_expert()
    whole = {"number": f"JP2603{next(_numbers):04d}", "ground": "12(4)", "clue": "有人反映他卖课"}
    whole |= {"appointment": expert.appointments.order_by("-first_day").first()}
    whole |= {"opened_by": expert.user} if fields.get("ground") == "12(1)" else {}
    dismissal = Dismissal.objects.create(expert=expert, **whole | fields)
    for each in WAYS[state]:
        for name, given in taken(dismissal, each).items():
            setattr(dismissal, name, given)
        dismissal.state = each
        dismissal.save()
    return dismissal


def taken(dismissal, state) -> dict:
    """What one step of a dismissal takes; a paper's service is entered on the way."""
    at = clock.instant(date(2026, 3, 3), 9)
    if state in ("told", "dismissed"):
        paper = "notice" if state == "told" else "decision"
        whose = {"by": dismissal.expert.user, "served_on": date(2026, 3, 4)}
        Delivery.objects.create(dismissal=dismissal, paper=paper, channel="online", **whose)
    return {
        "examining": {"handler": dismissal.handler or make_user(name="孙受理")},
        "notice_issued": {
            "facts": "3月1日向来访者卖课。", "reasons": "以专家身份牟利。", "defence_days": 5,
            "notice_number": f"并创专解告〔2026〕{dismissal.pk:03d}号", "notice_issued_at": at,
        },
        "told": {"told_on": date(2026, 3, 4), "defence_until": date(2026, 3, 11)},
        "hearing_set": {"hearing_at": clock.instant(date(2026, 3, 16), 9), "hearing_place": "三楼会议室"},
        "heard": {"heard_how": "waiver", "heard_on": date(2026, 3, 5)},
        "weighed": {"weighed_by": make_user(name="李审核"), "weighed_at": at, "opinion": "属实", "advice": "dismiss"},
        "confirmed": {"decided_by": make_user(name="王局长"), "decided_at": at, "decision": "同意",
                      "decision_number": f"并创专解决〔2026〕{dismissal.pk:03d}号", "decision_due": date(2026, 3, 16)},
        "kept": {"decided_by": make_user(name="王局长"), "decided_at": at, "decision": "不予解聘"},
        "dismissed": {"effective_on": date(2026, 3, 6)},
        "dropped": {"drop_reason": "线索不实"},
    }.get(state, {})  # fmt: skip


def make_dismissal_file(dismissal=None, **fields):
    """A paper of a case, without its content."""
    dismissal = dismissal or make_dismissal("examining")
    whole = {"kind": "evidence", "size": 1, "content_type": "application/pdf", "by": make_user()}
    return DismissalFile.objects.create(dismissal=dismissal, **whole | fields)


PAID_AT = clock.instant(date(2026, 3, 31), 9)  # when the papers of pay of these builders are signed


def make_rate_schedule(state="draft", rates=(), **fields):
    """What follows on the circular of guidance that the portal brings along, from 2027 on.

    ``rates``: by kind what it pays; the others pay nothing yet.
    """
    scope = fields.get("scope", "guidance")
    before = RateSchedule.objects.valid().filter(scope=scope).order_by("effective_from").last()
    if state == "provisional":  # no other can be
        return before
    whole = {"scope": "guidance", "title": "创业服务补贴标准", "document_number": "并人社发〔2026〕50号"}
    whole |= {"effective_from": date(2027, 1, 1), "drafted_by": make_user(), "supersedes": before}
    schedule = RateSchedule.objects.create(**whole | fields)
    Rate.objects.bulk_create(Rate(schedule=schedule, kind=kind, **dict(rates).get(kind, {})) for kind in SCOPES[scope])
    if state != "draft":
        make_schedule_file(schedule)
        moved = {"confirmed_by": make_user(), "confirmed_at": PAID_AT} if state == "confirmed" else {"supersedes": None}
        QuerySet(RateSchedule).filter(pk=schedule.pk).update(state=state, **moved)
        schedule.refresh_from_db()
    return schedule


def make_schedule_file(schedule, **fields):
    """The circular itself, as a PDF."""
    whole = {"by": make_user(), "original_name": "文件.pdf", "content_type": "application/pdf", "size": 1}
    return ScheduleFile.objects.create(schedule=schedule, file="202603/circular", digest="0" * 64, **whole | fields)


def make_bank_account(state="confirmed", **fields):
    """Entered by the expert himself on 2026-03-01, good from 2026-03-05 on where somebody has confirmed it."""
    fields["expert"] = expert = fields.get("expert") or make_expert()
    whole = {"holder": expert.user.name, "bank": "中国工商银行", "branch": "太原迎泽支行", "entered_by": expert.user}
    whole |= {"number": "6222020502001234567", "tail": "4567", "entered_at": clock.instant(date(2026, 3, 1), 9)}
    if state in ("confirmed", "replaced"):
        at = clock.instant(date(2026, 3, 2), 9)
        whole |= {"confirmed_by": make_user(), "confirmed_at": at, "usable_from": at + timedelta(days=3)}
    return BankAccount.objects.create(state=state, **whole | fields)


def make_claim(**fields):
    """For a review of an hour on Thursday 2026-03-05 that is on record."""
    fields["service"] = service = fields.get("service") or make_service("confirmed", kind="review")
    whole = {"kind": "service", "expert": service.expert, "activity": "review", "income": "consulting"}
    day = clock.local(service.started_at).date()
    return Claim.objects.create(
        **whole | {"started_at": service.started_at, "day": day, "minutes": service.counted_minutes} | fields
    )


def make_line(**fields):
    """300 yuan by 晋财购〔2021〕24号, in no batch."""
    fields["claim"] = fields.get("claim") or make_claim()
    schedule = RateSchedule.objects.get(document_number="晋财购〔2021〕24号")
    inputs = {"minutes": 60, "outcome": "completed", "extended": False, "parts": [["2026-03-05", "300.00"]]}
    inputs |= {"capped": False, "holiday": False}
    whole = {"amount": "300.00", "schedule": schedule, "rate": schedule.rates.get(kind="review"), "inputs": inputs}
    return Line.objects.create(**whole | {"trace": "1小时：300"} | fields)


def make_correction(state="proposed", **fields):
    """It was two hours and a half."""
    fields["line"] = fields.get("line") or make_line()
    whole = {"minutes": 150, "outcome": "completed", "reason": "签到表上是两个半小时", "proposed_by": make_user()}
    signed = {} if state == "proposed" else {"signed_by": make_user(), "signed_at": PAID_AT}
    return Correction.objects.create(state=state, **whole | signed | fields)


def make_batch(state="draft", **fields):
    """Nothing is in it; the sums that a later state demands are zero."""
    whole = {"number": f"BC2603{next(_numbers):04d}", "title": "2026年3月报酬", "until": date(2026, 3, 31)}
    whole |= {"payer": "太原市创业就业服务中心", "made_by": make_user(name="王经办")}
    if state in ("approved", "released", "settled"):
        whole |= {"checked_by": make_user(name="冯复核"), "checked_at": PAID_AT, "paid_in": date(2026, 3, 1)}
        whole |= {"gross": "0.00", "tax": "0.00", "paid_out": "0.00"}
    if state in ("released", "settled"):
        whole |= {"released_by": make_user(name="周局长"), "released_at": PAID_AT, "digest": "0" * 64}
    return Batch.objects.create(state=state, **whole | fields)


def make_bank_return(state="checked", **fields):
    """A file of the bank without rows."""
    number = next(_numbers)
    whole = {
        "number": f"HP2603{number:04d}",
        "filename": "回盘.csv",
        "digest": f"{number:064x}",
        "read_by": make_user(),
    }
    applied = {"applied_by": make_user(), "applied_at": PAID_AT} if state == "applied" else {}
    return BankReturn.objects.create(state=state, **whole | applied | fields)


def settle_checks():
    """PostgreSQL takes no trigger down while a row waits for its checks."""
    if connection.vendor == "postgresql":
        connection.check_constraints()


@contextmanager
def unguarded(name):
    """The database without one of its guards, as a test needs it to bring about what no verb brings about."""
    guard = next(each for each in GUARDS if each.name == name)
    settle_checks()
    with connection.cursor() as cursor:
        for statement in guard.down(connection.vendor):
            cursor.execute(statement)
    yield
    settle_checks()
    with connection.cursor() as cursor:
        for statement in guard.up(connection.vendor):
            cursor.execute(statement)


def end_early(terms, on):
    """These terms are void from that day, with nothing of the procedure that the database asks for."""
    with unguarded("art12_no_term_ends_early_without_a_served_decision"):
        terms.update(void_from=on)


@contextmanager
def guarded_against(table, refuse):
    """The database refuses these rows of the table as well."""
    extra = Guard("only_in_this_test", table=table, on=["INSERT"], refuse=refuse)
    settle_checks()
    try:
        for statement in extra.up(connection.vendor):
            connection.cursor().execute(statement)
        yield
        settle_checks()
        for statement in extra.down(connection.vendor):
            connection.cursor().execute(statement)
    finally:
        GUARDS.remove(extra)
