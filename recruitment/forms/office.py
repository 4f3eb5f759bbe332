"""What an officer types for one act of selection; ``consequence`` says what follows from it."""

from django import forms
from django.db.models import Q

from experts.rules import last_day, outlives_measures
from expertteam import calendar, clock
from expertteam.forms import ActForm, Several, TerraceForm, long_text
from expertteam.models import Policy
from expertteam.regulation import IN_FORCE, in_force
from expertteam.templatetags.terrace import day, long_day
from recruitment import bars, progress
from recruitment.actions.notice import planned
from recruitment.categories import CATEGORIES, evidence_for
from recruitment.facts import PERSON
from recruitment.models import Application, Document, Notice, Round

STATES = [choice for choice in Application.State.choices if choice[0] != Application.State.DRAFT]
YES_NO = {"upheld": [("yes", "成立"), ("no", "不成立")], "met": [("yes", "符合"), ("no", "不符合")]}


def verdict(label, name):
    """Two answers, none chosen beforehand."""
    return forms.TypedChoiceField(
        label=label, choices=YES_NO[name], coerce=lambda value: value == "yes", widget=forms.RadioSelect
    )


class SendBackForm(ActForm):
    items = forms.MultipleChoiceField(label="退回哪些内容", widget=forms.CheckboxSelectMultiple)
    note = long_text("缺什么，怎么补", help_text="申请人会原样看到，并收到短信")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        current = {document.kind: document for document in self.record.documents.current()}
        asked = evidence_for(self.record.category, self.record.profession)
        tasks = [(slug, title) for slug, title in progress.TITLES.items() if slug not in ("proof", "check")]
        self.fields["items"].choices = tasks + [
            (each.code, f"材料：{each.label}")
            for each in asked
            if each.code not in current or current[each.code].state != Document.State.VERIFIED
        ]
        rejected = [document for document in current.values() if document.state == Document.State.REJECTED]
        self.initial.setdefault("items", [document.kind for document in rejected])
        self.initial.setdefault("note", "；".join(f"{each.label}：{each.reason}" for each in rejected))

    @property
    def consequence(self):
        on = clock.today()
        due = calendar.deadline(on, Policy.objects.number("supplement_days", on), start_counts=False)
        most = Policy.objects.number("supplement_rounds", on)
        provisional = "（暂定）" if due.provisional else ""
        return f"今天退回的，申请人要在{day(due.day)}{provisional}前补充。一份报名最多退回{most}次，已退回{self.record.returns}次。"


class RecommendForm(ActForm):
    consequence = "推荐后转审核。初审推荐的人不能再办理这份报名的审核和聘任。"
    opinion = long_text("初审意见")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.record.renews_id:
            opinion = self.fields["opinion"]
            opinion.label, opinion.help_text = "推荐续聘的理由", "写明工作量、满意度、计次等情况，为什么推荐"
            opinion.error_messages["required"] = "推荐续聘要写明理由"


class TurnDownForm(ActForm):
    consequence = "这份报名就此结束，下面的原因会告诉申请人。"
    reason = long_text("不予推荐的原因")


class ApproveForm(ActForm):
    consequence = "审核通过后可以列入公示。审核的人不能再办理聘任。"
    opinion = long_text("审核意见")


class DeclineForm(ActForm):
    consequence = "这份报名就此结束，下面的原因会告诉申请人。"
    reason = long_text("不予聘任的原因")


class AppointForm(ActForm):
    first_day = forms.DateField(label="聘期首日")
    beyond = forms.BooleanField(label="聘期超过办法有效期，仍要聘任", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.first = bars.first_day(self.record)
        self.end = last_day(self.first)
        field = self.fields["first_day"]
        field.initial = self.first
        field.help_text = f"不早于今天。从今天起聘的，聘期到{long_day(self.end)}，共三年"
        if renews := self.record.renews:
            field.help_text = f"上一届到{long_day(renews.last_day)}为止，新的一届在它之后开始。从{long_day(self.first)}起聘的，聘期到{long_day(self.end)}，共三年"
        if not outlives_measures(self.end) and not self.is_bound:
            del self.fields["beyond"]

    @property
    def consequence(self):
        warning = f"聘期到{long_day(self.end)}，{BEYOND}。" if outlives_measures(self.end) else ""
        kept = "这是新的一届，原来的聘期和聘书不变。" if self.record.renews_id else ""
        return f"聘任时编定聘书编号并通知本人，不能撤回。{kept}{warning}"

    def clean(self):
        entry = super().clean()
        first, renews = entry.get("first_day"), self.record.renews
        if first and first < clock.today():
            self.add_error("first_day", "聘期不能从过去的日子开始")
        elif first and renews and first <= renews.last_day:
            self.add_error("first_day", f"上一届到{long_day(renews.last_day)}为止，请从次日或以后开始")
        elif first and not in_force(first):
            self.add_error("first_day", f"聘期首日不能晚于{long_day(IN_FORCE[1])}，办法的有效期到那天为止")
        elif first and outlives_measures(last_day(first)) and not entry.get("beyond"):
            self.add_error("beyond", f"聘期到{long_day(last_day(first))}，{BEYOND}，请勾选后再聘任")
        return {"first_day": first}


BEYOND = f"超过办法有效期（{long_day(IN_FORCE[1])}）"


class VerifyForm(ActForm):
    original_seen = forms.BooleanField(label="已看原件", required=False)


class RejectForm(ActForm):
    consequence = "申请人要看到这份材料的问题，还需要“退回补充”。"
    reason = forms.CharField(label="不合格原因", max_length=200)


class JudgeForm(ActForm):
    article = forms.CharField(max_length=10, widget=forms.HiddenInput)
    met = verdict("核实结果", "met")
    note = forms.CharField(label="依据", max_length=300, help_text="看了什么，怎么核实的")

    def clean_article(self):
        """Only what the rules leave to a person can be judged."""
        article = self.cleaned_data["article"]
        if article not in {each.article for each in progress.findings(self.record) if each.verdict is PERSON}:
            raise forms.ValidationError("这一项由系统核对，不用人工核实")
        return article


class PublishForm(ActForm):
    @property
    def consequence(self):
        first, last = planned(clock.today())
        provisional = "（暂定，跨到的年度还没有录入放假安排）" if last.provisional else ""
        return f"今天发布的，公示从{day(first.day)}到{day(last.day)}{provisional}。发布后名单和文字不能再改，要改只能撤销后重新公示。"


class DiscardForm(ActForm):
    consequence = "这份拟稿不再发布，名单上的人仍是“审核通过”，可以另拟公示。"


class AnnulForm(ActForm):
    consequence = "公示就此作废，名单上的人回到“审核通过”，可以重新公示。原因会公开。"
    reason = long_text("撤销原因", 300)


class ExamineForm(ActForm):
    consequence = "开始核实的人不能再认定这件异议。"


class ReportForm(ActForm):
    consequence = "提交后转局领导认定是否成立。"
    report = long_text("核实情况", 2000)


class DecideForm(ActForm):
    consequence = "成立的，这位人选不予聘任；不成立的，不再影响聘任。认定后不能改。"
    upheld = verdict("异议是否成立", "upheld")
    decision = long_text("认定理由", 1000)


class AnswerForm(ActForm):
    consequence = "反映人凭受理编号和手机号能看到下面的答复，并收到短信。"
    answer = long_text("给反映人的答复", 1000)


class FileLeadForm(ActForm):
    consequence = "线索就此办结，不影响公示和聘任。"
    report = long_text("核查情况和处理", 2000)


class Chosen(Several):
    """People on a list, each with what tells him apart."""

    def label_from_instance(self, application):
        return f"{application}，{application.employer}{application.position}，{application.round}"


class NoticeForm(TerraceForm):
    """A notice to be drafted, with the approved people of one round."""

    round = forms.ModelChoiceField(Round.objects.all(), label="批次")
    title = forms.CharField(label="标题", max_length=80)
    statement = long_text("说明", 600)
    applications = Chosen(Application.objects.none(), label="名单", widget=forms.CheckboxSelectMultiple)
    corrects = forms.ModelChoiceField(Notice.objects.exclude(begins_at=None), label="更正哪一份公示", required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        approved = Application.objects.awaiting_notice().exclude(applicant=user)
        self.fields["applications"].queryset = approved.select_related("applicant", "round").order_by("round", "pk")

    def clean(self):
        entry = super().clean()
        strangers = [each for each in entry.get("applications", ()) if each.round != entry.get("round")]
        if strangers and entry.get("round"):
            self.add_error("applications", f"{'、'.join(map(str, strangers))}不是这一批的")
        return entry


class ApplicationFilter(TerraceForm):
    """What the list of applications is narrowed to; without a state, those not yet decided."""

    q = forms.CharField(label="编号或姓名", max_length=40, required=False)
    state = forms.ChoiceField(label="状态", choices=[("live", "在办"), *STATES, ("all", "全部")], required=False)
    round = forms.ModelChoiceField(Round.objects.all(), label="批次", required=False)
    category = forms.TypedChoiceField(
        label="类别",
        choices=[("", ""), *((each.number, each.name) for each in CATEGORIES.values())],
        required=False,
        coerce=int,
        empty_value=None,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["round"].empty_label = "各批次"
        self.fields["category"].choices = [("", "各类"), *self.fields["category"].choices[1:]]

    def narrowed(self, applications):
        """These applications, as far as they fit what was asked; a question that makes no sense is not asked."""
        self.full_clean()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        state = asked.get("state", "live")
        if state == "live":
            applications = applications.live()
        elif state != "all":
            applications = applications.filter(state=state)
        applications = applications.filter(**{name: asked[name] for name in ("round", "category") if name in asked})
        words = asked.get("q", "").replace(" ", "")
        return applications.filter(Q(number__icontains=words) | Q(applicant__name__icontains=words))
