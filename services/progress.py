"""Where a request stands, in the client's words: what has been done, what comes next and by when (Article 10(3))."""

from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from experts.models import Expert
from expertteam import clock
from expertteam.models import Policy
from expertteam.templatetags.terrace import day, moment
from services import slots
from services.actions.holding import live_offer
from services.models import Offer, Place, ServiceRequest, Wish
from services.rules.request import may_change_alone

State = ServiceRequest.State
PUBLIC = {State.CLIENT_ABSENT: "登记为您没来"}  # where the office's word would not do for the client himself
ORDER = [State.SUBMITTED, State.OFFERED, State.ACCEPTED, State.ARRANGED, State.HELD, State.CONFIRMED, State.RATED]
REACHED = dict(zip(ORDER, [0, 1, 1, 2, 3, 4, 5], strict=True))  # which step is under way
ENDED = [State.UNPLACED, State.CANCELLED, State.CLIENT_ABSENT]
OTHERS = 3  # experts named to whom nobody could be found
FELL_AWAY = [Offer.State.DECLINED, Offer.State.LAPSED, Offer.State.STOOD_DOWN, Offer.State.ABSENT]


class Step(NamedTuple):
    """One entry of the course; ``due`` is a promise with its moment."""

    title: str
    note: str = ""
    state: str = ""  # done, now, or neither
    due: datetime | None = None


class Alternative(NamedTuple):
    """Another expert, and when he can be met next."""

    expert: Expert
    slot: slots.Slot


class Progress:
    """One request as its client sees it."""

    def __init__(self, request: ServiceRequest):
        self.request = request

    @property
    def word(self) -> str:
        return PUBLIC.get(self.request.state, self.request.get_state_display())

    @property
    def tone(self) -> str:
        """Class of its tag."""
        if self.request.state in ENDED:
            return "bad" if self.request.state == State.UNPLACED else ""
        return "ok" if ORDER.index(self.request.state) >= ORDER.index(State.ARRANGED) else "wait"

    @cached_property
    def offer(self) -> Offer | None:
        return live_offer(self.request)

    @property
    def counterpart(self) -> Expert | None:
        """Whose times he may choose from: who has been asked, else whom he asked for."""
        return self.offer.expert if self.offer else self.request.wanted

    @property
    def person(self) -> Expert | None:
        """Who is named to him: who has taken it on, else whom he asked for himself."""
        return self.request.expert or self.request.wanted

    @cached_property
    def where(self) -> str:
        return self.request.room or Place(self.request.place).label

    @cached_property
    def when(self) -> str:
        """10月22日（周四）14:00—15:00."""
        begins, ends = self.request.starts_at, self.request.ends_at
        return begins and f"{day(begins)}{clock.local(begins):%H:%M}—{clock.local(ends):%H:%M}"

    @property
    def wishes(self) -> str:
        return "、".join(Wish(wish).label for wish in self.request.wishes)

    @property
    def steps(self) -> list[Step]:
        asked = Step("您提交了预约", moment(self.request.submitted_at), "done")
        if self.request.state in ENDED:
            return [asked, self.ending()]
        reached = REACHED[self.request.state]
        following = [self.matching(), self.answering(), self.meeting(), self.confirming(), self.rating()]
        stands = ["done" if n < reached else "now" if n == reached else "" for n in range(len(following))]
        return [asked, *(step._replace(state=state) for step, state in zip(following, stands, strict=True))]

    def ending(self) -> Step:
        said = {
            State.UNPLACED: self.request.note,
            State.CANCELLED: "时间已让给别人，要再约随时可以",
            State.CLIENT_ABSENT: "和实际不一样的，请打电话告诉我们",
        }
        return Step(self.word, said[self.request.state], "now")

    def matching(self) -> Step:
        if self.request.state != State.SUBMITTED:
            return Step("服务中心匹配专家", "已经问过专家")
        again = self.request.offers.filter(state__in=FELL_AWAY).exists()
        return Step("专家来不了，正在换人" if again else "服务中心匹配专家", due=self.request.answer_due)

    def answering(self) -> Step:
        if self.request.state == State.OFFERED and self.offer:
            return Step("等专家确认", f"专家最晚{moment(self.offer.answer_due)}前答复，来不了就换下一位")
        if self.request.state == State.ACCEPTED:
            return Step("约定时间地点", f"{self.request.expert}老师已接受，服务中心会跟您商量时间")
        taken_on = f"{self.request.expert}老师" if self.request.expert else ""
        return Step("专家确认时间", taken_on or "约好了短信告诉您；专家来不了，我们会换人")

    def meeting(self) -> Step:
        return Step("面对面指导", f"{self.when}，{self.where}" if self.when else "时间由服务中心安排，不合适可以改")

    def confirming(self) -> Step:
        return Step("您核对时间和时长", "见面后会收到短信，点开链接说一声对不对")

    def rating(self) -> Step:
        return Step("您来评价", "见面后会收到短信，点开就能评，不用登录")

    @cached_property
    def changes(self) -> bool:
        """Whether there is anything yet that could be changed or called off."""
        return self.request.state in ServiceRequest.OPEN

    @cached_property
    def alone(self) -> bool:
        """Whether he may still do so himself."""
        return may_change_alone(self.request.starts_at, clock.now(), self.hours)

    @cached_property
    def hours(self) -> int:
        return Policy.objects.number("change_hours", clock.today())

    @property
    def can_miss(self) -> bool:
        """Whether it can be said that the expert did not come."""
        return self.request.state == State.ARRANGED and self.begun

    @property
    def begun(self) -> bool:
        """Whether the appointed time has come."""
        return bool(self.request.starts_at) and self.request.starts_at <= clock.now()

    @property
    def calendar(self) -> bool:
        """Whether there is a time to be entered."""
        return bool(self.changes and self.request.starts_at and self.request.starts_at > clock.now())

    @cached_property
    def others(self) -> list[Alternative]:
        """To whom nobody could be found: who can be met soonest about one of his topics."""
        if self.request.state != State.UNPLACED:
            return []
        asked = {self.request.wanted_id, *self.request.offers.values_list("expert", flat=True)}
        topics, now = set(self.request.topics), clock.now()
        fitting = [
            expert for expert in Expert.objects.listed(clock.today())
            if expert.pk not in asked and topics & {each.topic for each in expert.specialities.all()}
        ]  # fmt: skip
        free = slots.free(fitting, *slots.window(now), now)
        first = [Alternative(expert, free[expert.pk][0]) for expert in fitting if free[expert.pk]]
        return sorted(first, key=lambda each: (each.slot.starts_at, each.expert.no))[:OTHERS]
