"""What is typed about one piece of work: what to look for, what it really was, what a unit of it pays (Article 13)."""

from datetime import date
from decimal import Decimal

from django import forms
from django.db.models import Q, QuerySet

from expertteam.forms import ActForm, TerraceForm, long_text
from expertteam.regulation import Refused
from payments import rules
from payments.actions.correction import asked, worth_now
from payments.models import ActivityKind, Claim, Correction, Line
from payments.pricing import Pricing, Unpayable
from payments.standing import WORDS, with_standing

ANY = [("", "全部")]


class ClaimFilter(TerraceForm):
    """Where it stands, what it was, when and whose; what makes no sense is not asked."""

    state = forms.ChoiceField(label="状态", required=False, choices=[*ANY, *WORDS.items()])
    why = forms.ChoiceField(label="没有价格的原因", required=False, choices=[*ANY, *Claim.WhyNot.choices])
    activity = forms.ChoiceField(label="活动类型", required=False, choices=[*ANY, *ActivityKind.choices])
    month = forms.ChoiceField(label="服务月份", required=False)
    expert = forms.CharField(label="专家姓名或编号", required=False, max_length=50)

    def __init__(self, *args, months=(), **kwargs):
        super().__init__(*args, **kwargs)
        written = [(f"{month:%Y-%m}", f"{month.year}年{month.month}月") for month in months]
        self.fields["month"].choices = [*ANY, *written]

    def narrowed(self, claims: QuerySet) -> QuerySet:
        self.full_clean()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        columns = {"state": "standing", "why": "why_not", "activity": "activity"}
        claims = with_standing(claims).filter(**{columns[name]: asked[name] for name in columns if name in asked})
        if "month" in asked:
            month = date.fromisoformat(f"{asked['month']}-01")
            claims = claims.filter(day__year=month.year, day__month=month.month)
        if "expert" in asked:
            claims = claims.filter(Q(expert__user__name__icontains=asked["expert"]) | Q(expert__no=asked["expert"]))
        return claims


def per_unit(**options) -> forms.DecimalField:
    """What one unit of the work pays, within the range of the standard."""
    sum_ = {"max_digits": 10, "decimal_places": 2, "min_value": Decimal("0.01")}
    return forms.DecimalField(label="每单位金额（元）", **sum_, **options)


class CorrectForm(TerraceForm):
    """What the work really was, or that it is not paid at all."""

    void = forms.TypedChoiceField(
        label="怎样更正", choices=[("", "按实际情况重新计算"), ("1", "不予支付")], widget=forms.RadioSelect,
        coerce=bool, empty_value=False, required=False,
    )  # fmt: skip
    minutes = forms.IntegerField(label="实际时长（分钟）", min_value=0, max_value=2880, required=False)
    outcome = forms.ChoiceField(label="实际结果", choices=Claim.Outcome, required=False)
    extended = forms.BooleanField(label="延时经批准，超过正常一天的部分计入", required=False)
    agreed = per_unit(required=False)
    reason = long_text("更正理由", 500, help_text="写明依据，如签到表、批准延时的文件；专家会看到")

    def __init__(self, *args, line: Line, **kwargs):
        super().__init__(*args, **kwargs)
        review = line.claim.activity == rules.REVIEW
        if not review:  # nothing else is called off
            del self.fields["outcome"]
        if not review and line.rate.full_units is None and line.rate.extended_cap is None:
            del self.fields["extended"]
        self.fields["agreed"].help_text = allowed(line.claim)
        if not self.fields["agreed"].help_text:
            del self.fields["agreed"]
        for name in {"void", "minutes", "outcome", "agreed"} & self.fields.keys():
            self.fields[name].needed = True  # as things are: not where nothing is paid

    def clean(self):
        entry = super().clean()
        if entry.get("void"):
            return {name: entry.get(name) for name in ("void", "reason")}
        if "minutes" in entry and entry["minutes"] is None:
            self.add_error("minutes", "请填写实际时长（分钟）")
        if "agreed" in entry and entry["agreed"] is None:
            self.add_error("agreed", "请填写每单位金额（元）")
        if entry.get("minutes") == 0 and entry.get("outcome", Claim.Outcome.COMPLETED) == Claim.Outcome.COMPLETED:
            self.add_error("minutes", "已完成的至少1分钟")
        return entry


class AgreeForm(TerraceForm):
    """Within the range of the standard, what one unit pays."""

    agreed = per_unit()
    agreed_why = forms.CharField(label="这样定的理由", max_length=200)

    def __init__(self, *args, claim: Claim, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agreed"].help_text = allowed(claim)


def allowed(claim: Claim) -> str:
    """The range, as the standard of its day gives it."""
    try:
        rate = Pricing([claim]).standard(claim)
    except Unpayable as reason:
        return str(reason)
    return "" if rate.most is None else f"标准是每{rate.get_unit_display()}{rate.amount}～{rate.most}元"


class SignForm(ActForm):
    opinion = long_text("复核意见", 500, required=False)

    @property
    def consequence(self):
        correction: Correction = self.record
        then = "以后不再计价，也不能恢复" if correction.void else f"按服务那天的标准重新计算{anew(correction)}"
        return f"原来的{correction.line.amount:,.2f}元冲销，{then}。已经发放的在下一个批次抵扣。结果告诉专家本人。"


def anew(correction: Correction) -> str:
    """What it would come to if it were signed now, or why it cannot be; nothing where its line no longer stands."""
    if not correction.line.live:
        return ""
    try:
        worth = worth_now(correction.line, asked(correction))
    except Refused as refusal:
        return f"；现在{refusal.reason}"
    return f"，是{worth.amount:,.2f}元（{worth.trace}）" if worth else ""


class RefuseForm(ActForm):
    consequence = "不同意的，原来的金额不变。"
    opinion = long_text("不同意的理由", 500)
