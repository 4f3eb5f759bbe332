"""What is told about the ledger: what counts, on whose finding, and how to appeal (Articles 12(2) and 12(3))."""

from django.urls import reverse

from evaluations.models import Refusal, Strike
from experts.models import Expert
from expertteam import notify
from expertteam.templatetags.terrace import day, short_day

JUDGES = "evaluations.judge_refusal"
REVIEWERS_OF_APPEALS = "evaluations.maintain_strike"
TALKERS = "evaluations.record_talk"


def reason_asked(refusal: Refusal):
    url = reverse("evaluations:own_refusal", args=[refusal.pk])
    body = f"{short_day(refusal.day)}的一件事请您说明原因，{day(refusal.reason_due)}前有效。"
    notify.notify(f"reason:{refusal.number}", refusal.expert.user, "请您说明原因", body, url)


def to_be_judged(refusal: Refusal):
    notify.settle(f"reason:{refusal.number}")
    body = f"{refusal.number}，请认定有无正当理由。"
    url, own = refusal.get_absolute_url(), refusal.expert.user_id
    notify.notify_role(f"judge:{refusal.number}", JUDGES, "有一件不履职待认定", body, url, but=own)


def judged(refusal: Refusal):
    notify.settle(f"judge:{refusal.number}")
    notify.settle(f"judge-late:{refusal.number}")
    url = reverse("evaluations:own_refusal", args=[refusal.pk])
    body = f"{refusal.number}已认定：{refusal.get_finding_display()}。"
    notify.notify(f"judged:{refusal.number}", refusal.expert.user, "情况已核实", body, url)


def counted(strike: Strike):
    body = f"{short_day(strike.day)}的一件事已记入计次，{day(strike.appeal_until)}前可以申诉。"
    notify.notify(f"strike:{strike.number}", strike.expert.user, "有一条计次", body, reverse("evaluations:own_ledger"))


def talk_proposed(expert: Expert, ground: str, standing):
    """Once for the entries that there are; a later second one is told of anew."""
    last = standing.entries[ground][-1]
    body = f"{expert}{Strike.Ground(ground).label}已有{len(standing.entries[ground])}次计次，建议约谈。"
    url = reverse("evaluations:ledger", args=[expert.pk])
    notify.notify_role(f"talk:{last.number}", TALKERS, "建议约谈", body, url, but=expert.user_id)


def appealed(strike: Strike):
    body = f"{strike.number}，请复核。"
    url, own = strike.get_absolute_url(), strike.expert.user_id
    notify.notify_role(f"appealed:{strike.number}", REVIEWERS_OF_APPEALS, "有一条计次申诉", body, url, but=own)


def talked(expert: Expert, ground: str):
    """Whatever entry it was proposed for."""
    for number in Strike.objects.filter(expert=expert, ground=ground).values_list("number", flat=True):
        notify.settle(f"talk:{number}")


def appeal_answered(strike: Strike):
    notify.settle(f"appealed:{strike.number}")
    body = f"{strike.number}的申诉已复核：{strike.get_state_display()}。"
    notify.notify(
        f"appeal-answered:{strike.number}", strike.expert.user, "申诉已复核", body, reverse("evaluations:own_ledger")
    )
