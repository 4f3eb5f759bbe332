"""What the matcher types (Articles 7 and 10(3))."""

from django import forms

from experts.models import Expert
from expertteam import clock
from expertteam.forms import ActForm, Several, long_text

ALTERNATES = 3
PROPOSALS = 3


class MatchForm(ActForm):
    """Whom, when, where, who is next in line; ``lineup`` is what the page shows of everybody."""

    expert = forms.ModelChoiceField(
        label="专家", queryset=Expert.objects.none(), error_messages={"required": "请选一位专家"}
    )
    alternates = Several(label="候补", queryset=Expert.objects.none(), required=False)
    starts_at = forms.DateTimeField(
        label="时间",
        required=False,
        widget=forms.DateTimeInput,
        help_text="不填就用所选专家最早的空闲时间；没有公开时间的，由专家接受时定",
    )
    room = forms.CharField(label="地点", max_length=100, required=False)
    override = long_text("另选理由", 200, required=False, help_text="所选专家带提醒，或不在推荐里，就要写")

    def __init__(self, *args, lineup, **kwargs):
        super().__init__(*args, **kwargs)
        self.lineup = lineup
        for name in ("expert", "alternates"):
            self.fields[name].queryset = Expert.objects.serving(clock.today())
        self.fields["override"].widget.attrs["rows"] = 2

    def clean_starts_at(self):
        starts_at = self.cleaned_data["starts_at"]
        if starts_at and starts_at < clock.now():
            raise forms.ValidationError("这个时间已经过了，请另选")
        return starts_at

    def clean_alternates(self):
        chosen = self.cleaned_data["alternates"]
        if len(chosen) > ALTERNATES:
            raise forms.ValidationError(f"候补最多{ALTERNATES}位，现在选了{len(chosen)}位")
        return chosen

    def clean(self):
        """The alternates in the order of the list, by their keys; the time of the chosen one where none was typed."""
        entry = super().clean()
        expert, chosen = entry.get("expert"), entry.get("alternates") or []
        places = self.lineup.places
        entry["alternates"] = [
            each.pk for each in sorted(chosen, key=lambda each: places.get(each.no, len(places))) if each != expert
        ]
        if expert and "starts_at" in entry and not entry["starts_at"]:
            entry["starts_at"] = self.lineup.slot_of(expert)
        return entry


class CallForm(ActForm):
    consequence = "预约留在队列里，期限不变。"
    reached = forms.BooleanField(label="电话接通了", required=False, initial=True)
    note = long_text("说了什么", 200)


class TurnAwayForm(ActForm):
    """Why, and what could be had instead."""

    consequence = "对方会收到短信，凭预约号能看到下面的原因和建议。这件预约就此结束。"
    reason = long_text("约不到的原因", 200)

    def __init__(self, *args, proposals=(), **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(PROPOSALS):
            said = proposals[number] if number < len(proposals) else ""
            self.fields[f"proposal{number}"] = forms.CharField(
                label=f"可以改约{number + 1}", max_length=60, required=False, initial=said,
                widget=forms.TextInput(attrs={"class": "in"}),
            )  # fmt: skip

    def clean(self):
        """Everything is one note, as the client reads it."""
        entry = super().clean()
        proposals = [words for number in range(PROPOSALS) if (words := entry.get(f"proposal{number}"))]
        note = entry.get("reason", "") + ("。可以改约：" + "；".join(proposals) if proposals else "")
        return {"note": note}


class ArrangeForm(ActForm):
    consequence = "双方都会收到短信。专家的时间就此占用。"
    starts_at = forms.DateTimeField(label="时间", widget=forms.DateTimeInput)
    room = forms.CharField(label="地点", max_length=100, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("room", self.record.room)

    def clean_starts_at(self):
        if self.cleaned_data["starts_at"] < clock.now():
            raise forms.ValidationError("这个时间已经过了，请另选")
        return self.cleaned_data["starts_at"]


class ReplaceForm(ActForm):
    consequence = "这位专家不再承办，也不再看到咨询内容；有候补的由候补接上，没有的重新匹配。双方都会收到通知。"
    note = long_text("为什么换", 200)


class AllowVisitForm(ActForm):
    consequence = "同意后，匹配时只推荐做上门、离得近的专家；地址只给接受了的专家看。"
    note = long_text("核实情况", 200, required=False)
