"""Another term (Article 3): what an expert wishes, and the application that comes of it."""

from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from experts.models import Appointment
from expertteam import clock, consents
from expertteam.documents import in_chinese
from expertteam.models import Policy, User
from expertteam.notify import notify, notify_role
from expertteam.regulation import Refused, article
from recruitment import progress, rules
from recruitment.actions.application import begin
from recruitment.models import Application, Document, Round, SuccessCase, Wish, WorkPeriod

# What he is entered with on the team is newer than any application: he keeps it up to date on his desk.
OF_THE_EXPERT = ["employer", "employer_code", "position", "title", "line", "biography", "district"]
HIS_CHOICES = ["visits", "public_fields"]  # empty is an answer, too
OF_THE_APPLICATION = ["category", "profession", "award", "title_level", "title_series"]
OF_A_PERIOD = ["employer", "position", "first", "last", "in_field", "managed"]
OF_A_CASE = ["client", "year", "story"]
OF_A_FILE = ["kind", "original_name", "content_type", "size", "digest", "uploaded_at"]


def latest_term(user: User) -> Appointment | None:
    """The only one of his terms that another could follow."""
    return Appointment.objects.filter(expert__user=user).select_related("expert__user").first()


def is_renewable(term: Appointment) -> bool:
    """Whether the wish for another term can be spoken today."""
    days = Policy.objects.number("renewal_window_days", clock.today())
    return rules.renewal_open(term.last_day, term.void_from, clock.today(), days)


@article("3")
@transaction.atomic
def wish(user: User, *, words: str, agreed: Collection[str], changes: str = "") -> Wish:
    """专家意愿: kept with the term that is ending, once; a wish taken back can be spoken anew.

    ``agreed`` are the undertakings he has agreed to once more, all of which are asked for.  ``Refused`` outside the
    window, and for whom a wish already stands.  Without an open round the office is told to open one.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    term = latest_term(user)
    if term is None or not is_renewable(term):
        raise Refused("现在不在提出续聘意愿的时间内", "3")
    kept = Wish.objects.filter(term=term).first() or Wish(term=term)
    if kept.pk and kept.withdrawn_at is None:
        raise Refused("这一届的续聘意愿已经提出，不用再提", "3")
    if lacking := [consents.TEXTS[kind].title for kind in progress.PLEDGES if kind not in agreed]:
        raise Refused(f"还没有再次同意：{'、'.join(lacking)}", "3")
    kept.words, kept.changes, kept.at, kept.withdrawn_at = words, changes, clock.now(), None
    kept.consents = [sign_again(user, kind) for kind in agreed]
    kept._history_user, kept._change_reason = user, "提出续聘意愿（第3条）"
    kept.save()
    if not Round.objects.for_renewal(clock.today()).exists():
        ask_for_a_round(kept)
    return kept


def sign_again(user: User, kind: str) -> dict:
    """What he agrees to now; where the standing version is one he signed before, that signature stays."""
    text = consents.TEXTS[kind]
    consents.sign(user, kind)
    return {"kind": kind, "version": text.version, "digest": text.digest}


def ask_for_a_round(kept: Wish):
    term = kept.term
    notify_role(
        f"wished:{kept.pk}:{kept.at:%Y%m%d%H%M%S}", "recruitment.add_round", "有专家想续聘",
        f"{term.name}老师的聘期到{in_chinese(term.last_day)}为止，想续聘。现在没有开放的批次，请安排。",
        reverse("recruitment:renewals"),
    )  # fmt: skip


@article("3")
@transaction.atomic
def take_back_wish(kept: Wish, *, by: User):
    """专家意愿: taken back by himself, as long as nothing has been made of it."""
    kept = Wish.objects.select_for_update().select_related("term__expert").get(pk=kept.pk)
    if kept.term.expert.user_id != by.pk:
        raise PermissionDenied("only the expert himself")
    if kept.withdrawn_at:
        raise Refused("续聘意愿已经撤回", "3")
    if not Wish.objects.waiting(clock.today()).filter(pk=kept.pk).exists():
        raise Refused("续聘报名已经开始，不想续聘的请撤回报名", "3")
    kept.withdrawn_at = clock.now()
    kept._history_user, kept._change_reason = by, "撤回续聘意愿（第3条）"
    kept.save()


@article("3")
@transaction.atomic
def renew(user: User, *, round: Round, **said) -> Application:
    """按程序重新组织选聘: his application for another term in this round, filled with what is known of him.

    ``said``: what ``wish`` wants to know, from whom has not spoken yet.  It is a draft as any other, to be looked
    through and submitted by himself.  ``Refused`` as in ``wish`` and ``start``.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    term = latest_term(user)
    kept = Wish.objects.standing().filter(term=term).first() if term else None
    return apply_again(kept or wish(user, **said), round, by=user)


@transaction.atomic
def carry(kept: Wish, round: Round) -> Application:
    """按程序重新组织选聘: a round has opened, so the wish that waited for it becomes an application, and he is told."""
    user = kept.term.expert.user
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not Wish.objects.waiting(clock.today()).filter(pk=kept.pk).exists():
        raise Refused("续聘报名已经开始", "3")
    application = apply_again(kept, round, by=None)
    notify(
        f"carried:{kept.pk}:{round.pk}", user, "续聘可以报名了",
        f"“{round}”已经开放，您的续聘报名{application.number}已按原来的资料填好。请核对后提交，{in_chinese(round.closes_on)}截止。",
        reverse("recruitment:apply"),
    )  # fmt: skip
    return application


def apply_again(kept: Wish, round: Round, *, by: User | None) -> Application:
    """The application that renews this term: the one that is open, or a new one."""
    term, user = kept.term, kept.term.expert.user
    if term != latest_term(user) or term.void_from:
        raise Refused("这一届聘任已经结束或已有新的聘期，不能续聘", "3")
    open_ = Round.objects.open_on(clock.today())
    begun = Application.objects.filter(renews=term, round__in=open_, state=Application.State.DRAFT).first()
    return begun or filled(begin(user, round=round, renews=term, by=by), term)


def filled(application: Application, term: Appointment) -> Application:
    """Take over profile, work, cases and evidence; into one that he had begun by himself, nothing."""
    user = application.applicant
    if application.category:
        return application
    earlier = Application.objects.filter(applicant=user, submitted_at__isnull=False).first()
    known = {name: getattr(term.expert, name) or getattr(earlier, name, "") for name in OF_THE_EXPERT}
    known |= {name: getattr(term.expert, name) for name in HIS_CHOICES}
    known |= {name: getattr(earlier, name) for name in OF_THE_APPLICATION} if earlier else {"category": term.category}
    known["topics"] = [str(topic) for topic in term.expert.topics]
    for name, value in known.items():
        setattr(application, name, value)
    application._change_reason = "沿用上一届资料（第3条）"
    application.save()
    if earlier:
        take_over(earlier, application)
    return application


def take_over(earlier: Application, application: Application):
    """Work, cases and evidence; of each file the very same one, to be verified anew."""
    for model, names in ((WorkPeriod, OF_A_PERIOD), (SuccessCase, OF_A_CASE)):
        for record in model.objects.filter(application=earlier).order_by("pk"):
            model.objects.create(application=application, **{name: getattr(record, name) for name in names})
    for document in earlier.documents.current().exclude(state=Document.State.REJECTED):
        kept = {name: getattr(document, name) for name in OF_A_FILE}
        Document.objects.create(application=application, file=document.file.name, carried_from=document, **kept)
