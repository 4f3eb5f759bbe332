"""What the office types about a dismissal, step by step; ``consequence`` says what follows from each."""

from django import forms
from django.db.models import Q

from evaluations import actions
from evaluations.forms.office import number
from evaluations.forms.points import PointsForm
from evaluations.models import Delivery, Dismissal
from experts.models import Expert
from expertteam import calendar, clock
from expertteam.forms import ActForm, TerraceForm, long_text
from expertteam.models import User
from expertteam.notify import holders
from expertteam.templatetags.terrace import day, long_day
from expertteam.uploads import OneFile
from services.forms.records import RecordFilter

AS_IT_STANDS = "专家会原样看到，不要写反映人和服务对象的姓名、电话"
ON_EVIDENCE = [Dismissal.Ground.GAIN, Dismissal.Ground.SECRETS, Dismissal.Ground.UNLAWFUL]
CHANNELS = [choice for choice in Delivery.Channel.choices if choice[0] != Delivery.Channel.ONLINE]
PROOF = "送达回证、邮件签收记录或现场照片；留置送达要有照片"


class DismissalFilter(RecordFilter):
    """By number or person, by ground, by state."""

    q = forms.CharField(label="案号、专家编号或姓名", max_length=40, required=False)
    ground = forms.ChoiceField(label="情形", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", "全部"), *Dismissal.State.choices]
        self.fields["ground"].choices = [("", "各项"), *Dismissal.Ground.choices]

    def found(self, records):
        self.full_clean()
        words = "".join(self.cleaned_data.get("q", "").split())
        if self.cleaned_data.get("ground"):
            records = records.filter(ground=self.cleaned_data["ground"])
        return records.filter(self.by_words(words)) if words else records

    def by_words(self, words):
        return Q(number__icontains=words) | Q(expert__no__iexact=words) | Q(expert__user__name__icontains=words)


class ProposeForm(TerraceForm):
    """Whom it is about by number or by name; of two with one name the number decides."""

    whom = forms.CharField(label="专家编号或姓名", max_length=50)
    ground = forms.ChoiceField(
        label="哪一种情形", choices=[(each.value, each.label) for each in ON_EVIDENCE], widget=forms.RadioSelect
    )
    clue = long_text("线索", 2000, help_text="什么时间、什么事、从哪里知道的。只有办案岗位能看到")

    def clean_whom(self):
        whom = "".join(self.cleaned_data["whom"].split())
        found = list(Expert.objects.named(whom).select_related("user").order_by("no")[:9])
        if not found:
            raise forms.ValidationError("没有这位专家，请核对编号或姓名")
        if len(found) > 1:
            numbers = "、".join(each.no for each in found)
            raise forms.ValidationError(f"有{len(found)}位同名专家，请填编号：{numbers}")
        return found[0]


class TakeUpForm(ActForm):
    @property
    def consequence(self):
        first = "立案后由您承办，不能再复核和决定。"
        if self.record.is_own_request or not number("suspend_during_case"):
            return first
        return f"{first}办理期间不再给这位专家派新任务，已约好的照常。"


class HandOnForm(ActForm):
    """To a colleague whom no earlier step of his own bars; of the others it says why."""

    to = forms.ModelChoiceField(label="移交给", queryset=User.objects.none())

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        people = holders(actions.take_up.permission).exclude(pk=self.record.handler_id)
        bars = {each: actions.bar_to_handle(self.record, each) for each in people}
        free = [each.pk for each, bar in bars.items() if not bar]
        self.fields["to"].queryset = User.objects.filter(pk__in=free).order_by("pk")
        self.fields["to"].help_text = "；".join(f"{each}不能接：{bar}" for each, bar in bars.items() if bar)

    @property
    def consequence(self):
        return f"现在由{self.record.handler}承办。移交后由接手的人承办，原来的办理记录不变。"


class ForwardForm(ActForm):
    consequence = "本人申请并放弃陈述申辩的，直接转局领导确认。"


class InspectOriginForm(ActForm):
    consequence = "核查以后才能制发告知书。核查情况专家看不到。"
    origin = long_text("核查情况", 500, help_text="问了谁，看了什么，是不是各自独立的来源")


class DropForm(ActForm):
    consequence = "撤案后案件办结，不能恢复。有新的线索可以另行提出。"
    drop_reason = long_text("撤案理由", 500)


class AddEvidenceForm(ActForm):
    consequence = "告知书发出以前可以补充，补充以后不能删改。"
    upload = OneFile(label="证据", help_text="PDF、Word或照片，不超过10 MB")
    shows = forms.CharField(label="证明什么", max_length=100, help_text="列入告知书的证据目录，不要写反映人的姓名")
    open_to_expert = forms.BooleanField(
        label="专家可以查看", required=False,
        help_text="里面没有反映人和其他人的姓名、电话，才勾选；有的，先遮住再传一份",
    )  # fmt: skip


class IssueNoticeForm(ActForm):
    facts = long_text("事实", 3000, help_text=AS_IT_STANDS)
    reasons = long_text("理由", 2000, help_text=f"为什么符合这一项。{AS_IT_STANDS}")
    judgment_number = forms.CharField(label="判决或处罚文书号", max_length=60, required=False)

    def __init__(self, *args, record, initial=None, **kwargs):
        super().__init__(*args, record=record, initial=suggested(record) | (initial or {}), **kwargs)
        if record.ground != Dismissal.Ground.UNLAWFUL:
            del self.fields["judgment_number"]

    @property
    def consequence(self):
        days = number("defence_days")
        return f"发出后不能再改。本人签收或者您登记送达后，从第二天起有{days}个工作日陈述申辩。"


def suggested(dismissal: Dismissal) -> dict[str, str]:
    """What the records say of it, to be looked over."""
    if dismissal.is_own_request:
        asked = long_day(dismissal.opened_at)
        return {"facts": f"您于{asked}提出不再担任专家。", "reasons": "符合《管理办法》第十二条第一项。"}
    if dismissal.ground in Dismissal.COUNTED:
        entries = dismissal.strikes.counted().order_by("day", "pk").select_related("case", "refusal")
        lines = [f"{n}. {long_day(each.day)}，{each.words}。{each.what}" for n, each in enumerate(entries, 1)]
        return {"facts": "\n".join(lines)}
    return {}


class ServeForm(ActForm):
    """Which way a paper reached the expert, and what proves it."""

    channel = forms.ChoiceField(label="送达方式", choices=CHANNELS, widget=forms.RadioSelect)
    served_on = forms.DateField(
        label="送达日期",
        initial=clock.today,
        widget=forms.DateInput,
        help_text="邮寄的填签收日期；公告的填公告首日，满30日视为送达",
    )
    proof = OneFile(label="送达证明", help_text=PROOF)
    note = forms.CharField(
        label="送达情况", max_length=200, required=False, help_text="在哪里、由谁收下，拒收的写明经过"
    )


class ServeNoticeForm(ServeForm):
    @property
    def consequence(self):
        return f"从送达的第二天起，专家有{self.record.defence_days}个工作日陈述申辩。登记后不能改。"


class ServeDecisionForm(ServeForm):
    consequence = "登记后立即生效：聘书失效，名录不再显示，在办的服务转出，权限收回。不能撤销。"


class RecordDefenceForm(PointsForm):
    """What came by letter or was said at the counter."""

    asked_first = ["how", "day"]
    needs_points = False
    consequence = "登记后进入复核。书面的照原意分点录入，口头的以签字笔录为准。"
    how = forms.ChoiceField(
        label="本人怎么说", widget=forms.RadioSelect,
        choices=[(Dismissal.Heard.STATEMENT, "有陈述申辩"), (Dismissal.Heard.WAIVER, "书面放弃")],
    )  # fmt: skip
    day = forms.DateField(label="收到日期", initial=clock.today, widget=forms.DateInput)
    proof = OneFile(label="签字材料", help_text="本人签字的陈述材料、笔录或放弃声明，专家可以查看")

    def clean(self):
        said = super().clean()
        stated, points = said.get("how") == Dismissal.Heard.STATEMENT, said["points"]
        if stated and not points and "how" not in self.errors:
            self.add_error("point1", "有陈述申辩的，请至少录入一点")
        if said.get("how") == Dismissal.Heard.WAIVER and points:
            self.add_error("how", "录入了意见的，请选“有陈述申辩”")
        return said


class RecordHearingRequestForm(ActForm):
    """Who asks to be heard by letter, at the counter or by telephone."""

    consequence = "登记后由受理安排时间和地点，本人会收到通知。"
    way = forms.ChoiceField(label="怎么要求的", choices=Dismissal.Way, widget=forms.RadioSelect)
    day = forms.DateField(label="收到日期", initial=clock.today, widget=forms.DateInput)
    proof = OneFile(label="来信或记录", help_text="来信、窗口签字记录或电话记录，专家可以查看")


class ExtendForm(ActForm):
    extension = forms.CharField(label="延长理由", max_length=200, help_text="专家会看到")

    @property
    def consequence(self):
        return f"在原期限后再加{self.record.defence_days}个工作日，只能延长一次。"


class LapseDefenceForm(ActForm):
    @property
    def consequence(self):
        until = self.record.defence_until
        return f"期限到{day(until)}为止，没有收到陈述。视为放弃，转入复核。" if until else ""


class SetHearingForm(ActForm):
    at = forms.DateTimeField(label="听取时间", widget=forms.DateTimeInput)
    place = forms.CharField(label="听取地点", max_length=100)

    def __init__(self, *args, record, initial=None, **kwargs):
        known = {"at": record.hearing_at, "place": record.hearing_place}
        super().__init__(*args, record=record, initial=known | (initial or {}), **kwargs)

    @property
    def consequence(self):
        days = number("hearing_notice_days")
        earliest = calendar.deadline(clock.today(), days, start_counts=False).day
        return f"要提前{days}个工作日通知，最早{day(earliest)}，在工作日8:00—18:00。由没有承办这件事的人听取。"


class RecordHearingForm(PointsForm):
    consequence = "登记后进入复核。笔录由双方签字，专家可以查看。"
    hearing_record = long_text("笔录", 5000, help_text="谁主持、谁到场，问了什么，答了什么")
    proof = OneFile(label="签字笔录", help_text="双方签字的笔录照片或扫描件")


class MissHearingForm(ActForm):
    consequence = "登记没有到场后转入复核。因正当原因来不了的，先改时间。"
    hearing_record = long_text("情况说明", 500, help_text="等到几点，联系过没有，怎么联系的")


class ReconsiderForm(ActForm):
    consequence = "退回后由审核岗重新逐条答复。"
    decision = long_text("退回理由", 500)


class ConfirmForm(ActForm):
    decision = long_text("决定意见", 1000, help_text=f"写入决定书。{AS_IT_STANDS}")

    @property
    def consequence(self):
        days = number("decision_service_days")
        return f"确认后制发决定书，{days}个工作日内送达，送达之日起生效。确认后不能撤回。"


class KeepForm(ActForm):
    consequence = "决定不予解聘后案件办结，专家会收到通知。"
    decision = long_text("决定意见", 1000, help_text=AS_IT_STANDS)
    warned = forms.BooleanField(
        label="同时书面提醒", required=False, help_text="生成书面提醒，写明告知的事实和决定意见，专家在工作台查看"
    )

    def __init__(self, *args, record, initial=None, **kwargs):
        warns = record.advice == Dismissal.Advice.WARN
        super().__init__(*args, record=record, initial={"warned": warns} | (initial or {}), **kwargs)
