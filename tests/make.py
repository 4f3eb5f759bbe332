"""Builders: the least that makes a valid record; every test states what matters to it."""

import itertools
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile

from experts import actions as experts
from experts.models import Appointment
from expertteam import clock, consents
from expertteam.models import RoleGrant, User
from recruitment import actions, categories
from recruitment.models import Application, Candidate, Document, Notice, Objection, Round, SuccessCase, WorkPeriod
from recruitment.progress import PLEDGES
from services.models import Engagement, WeeklyHours

_numbers = itertools.count(1)
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
        Application: make_application,
        Document: make_document,
        Notice: make_bare_notice,
        Objection: make_bare_objection,
        RoleGrant: make_role_grant,
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


def make_appointment(user=None, first_day=date(2026, 3, 1), **fields):
    """A term under the former measures, the only basis that needs no notice."""
    user = user or make_user()
    consents.sign(user, "confidentiality")
    decided_at = datetime(2026, 2, 27, 8, tzinfo=clock.now().tzinfo)
    leader = User.objects.filter(username="decider").first() or make_user(username="decider", name="局领导")
    with clock.at(decided_at):
        return experts.appoint(
            user, by=leader, **{"name": user.name, "category": 2, "topics": ["management"], "basis": Appointment.Basis.FORMER} | fields,
            first_day=first_day,
        )  # fmt: skip


def make_expert(**fields):
    """An expert in term from 2026-03-01 whose directory consent stands."""
    appointment = make_appointment(**fields)
    consents.sign(appointment.expert.user, "public_directory")
    return appointment.expert


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
