"""What people are told about pay (Article 13)."""

from expertteam.notify import notify, notify_role, settle
from payments.models import Batch, Correction
from payments.money import Total


def submitted(batch: Batch):
    notify_role(
        f"batch-check:{batch.pk}:{batch.history.count()}", "payments.approve_batch", "有报酬批次待复核",
        f"{batch.title}（{batch.number}）由{batch.made_by}编制，请复核。", batch.get_absolute_url(),
    )  # fmt: skip


def sent_back(batch: Batch):
    notify(
        f"batch-back:{batch.pk}:{batch.history.count()}", batch.made_by, "报酬批次退回",
        f"{batch.title}（{batch.number}）退回：{batch.words}", batch.get_absolute_url(), sms=False,
    )  # fmt: skip


def approved(batch: Batch):
    notify_role(
        f"batch-release:{batch.pk}:{batch.history.count()}", "payments.release_batch", "有报酬批次待发放",
        f"{batch.title}（{batch.number}）复核通过，实发{batch.paid_out:,.2f}元，请决定发放。", batch.get_absolute_url(),
    )  # fmt: skip


def released(batch: Batch):
    """Each expert once, whatever his kinds of income."""
    settle(f"batch-release:{batch.pk}")
    paid = batch.payouts.select_related("expert__user", "account")
    sums = dict(batch.payouts.order_by().values_list("expert").annotate(Total("amount")))
    for payout in {each.expert_id: each for each in paid}.values():
        notify(
            f"paid:{batch.pk}:{payout.expert_id}", payout.expert.user, "劳务报酬已发放",
            f"{batch.title}实发{sums[payout.expert_id]:,.2f}元，转入{payout.account}。明细见“报酬”。", payout.get_absolute_url(),
            sms=False,
        )  # fmt: skip


def correction_proposed(correction: Correction):
    notify_role(
        f"correction:{correction.pk}", "payments.sign_correction", "有报酬更正待复核",
        f"{correction.line}，{correction.proposed_by}提出更正，请复核。", correction.get_absolute_url(),
        but=correction.line.claim.expert.user_id,
    )  # fmt: skip


def corrected(correction: Correction):
    settle(f"correction:{correction.pk}")
    claim = correction.line.claim
    found = "不予支付" if correction.void else "重新计算"
    notify(
        f"corrected:{correction.pk}", claim.expert.user, "报酬有更正",
        f"{claim}的报酬经复核{found}：{correction.reason}。有疑问请打电话给我们。", "/desk/pay/", sms=False,
    )  # fmt: skip
