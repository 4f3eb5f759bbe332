"""The page on which an account is closed: what hangs on the officer, and who goes on with it."""

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property

from expertteam import departures
from expertteam.forms import TerraceForm
from expertteam.models import User
from expertteam.views import OfficeForm

WHY = [("left", "离岗，工作交接好"), ("emergency", "紧急停用，工作以后再交")]


class LeaveForm(TerraceForm):
    """One colleague for all, another for what an earlier step of his bars him from."""

    why = forms.ChoiceField(label="停用方式", choices=WHY, widget=forms.RadioSelect, initial="left")
    reason = forms.CharField(label="原因", max_length=100, help_text="如调离、退休、账号可能被盗用")

    def __init__(self, *args, person, work, **kwargs):
        super().__init__(*args, **kwargs)
        self.work = [each for each in work if not each.way]
        if not self.work:
            return
        people = list(departures.colleagues(person))
        self.barred = {each.record.pk: departures.bars(each, people) for each in self.work}
        self.fields["to"] = self.choice("移交给", people, "没有另外指定的，都由这位同事接着办")
        for each in self.work:
            barred = self.barred[each.record.pk]
            hint = "；".join(f"{who}不能接：{why}" for who, why in barred.items())
            free = [who for who in people if who not in barred]
            self.fields[self.name(each)] = self.choice(f"{each.number}另交给", free, hint)
        self.order_fields(["to", *map(self.name, self.work), "why", "reason"])

    def choice(self, label, people, hint):
        options = [("", "请选择"), *((str(who.pk), str(who)) for who in people)]
        field = forms.ChoiceField(label=label, choices=options, required=False, help_text=hint)
        field.widget.attrs["class"] = "in"
        return field

    def name(self, work) -> str:
        return f"to_{work.record.pk}"

    def clean(self):
        entry = super().clean()
        people = User.objects.in_bulk({int(entry[name]) for name in entry if name.startswith("to") and entry[name]})
        self.takers = {}
        for each in self.work:
            chosen = entry.get(self.name(each)) or entry.get("to")
            if not chosen:
                continue
            taker = people[int(chosen)]
            if bar := self.barred[each.record.pk].get(taker):
                self.add_error(self.name(each), f"{taker}不能接：{bar}，请另选一位")
            self.takers[each.record.pk] = taker
        return entry


class Leave(OfficeForm):
    permission, form_class, template_name = departures.CLOSE, LeaveForm, "account/leave.html"

    @cached_property
    def person(self) -> User:
        return get_object_or_404(User, pk=self.kwargs["pk"])

    @cached_property
    def work(self):
        return departures.open_work(self.person)

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"person": self.person, "work": self.work}

    def get_context_data(self, **kwargs):
        last = departures.last_of(self.person)
        ending = departures.changes_of(self.person)
        return super().get_context_data(person=self.person, work=self.work, last=last, ending=ending, **kwargs)

    def enter(self, form):
        entry = form.cleaned_data
        emergency = entry["why"] == "emergency"
        left = departures.leave(
            self.person, by=self.request.user, reason=entry["reason"], takers=form.takers, emergency=emergency
        )
        return f"{self.person}的账号已停用" + (f"，还有{len(left)}件没有交接" if left else "")

    def get_success_url(self):
        return reverse("admin:expertteam_user_change", args=[self.person.pk])
