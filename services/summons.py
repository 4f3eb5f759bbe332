"""What people are told of a review; a member learns time and place alone, the office no name (Article 10(4))."""

from datetime import timedelta

from django.conf import settings

from expertteam import clock
from expertteam.notify import notify, notify_role, settle, text
from expertteam.templatetags.terrace import moment, short_day
from services.messages import address
from services.models import Choice, Draw, DrawParty, Halt, Link, RecusalRequest, ReviewPanel, Seat

OPERATE, WITNESS, SELECT = "services.freeze_reviewpanel", "services.witness_draw", "services.approve_choice"
ANSWER = "services.answer_objection_seat"
WITNESS_LINK = timedelta(days=7)


def called(seat: Seat):
    """Time, place and until when; neither the project nor who else is called."""
    panel = seat.panel
    body = f"请您{moment(panel.starts_at)}参加项目评审，{moment(seat.answer_due)}前登录工作台答复。请对此保密。"
    key = f"seat:{seat.pk}:{clock.local(seat.called_at):%Y%m%d%H%M%S}"
    notify(key, seat.expert.user, "请您参加项目评审", body, seat.get_absolute_url())


def no_longer_awaited(seat: Seat):
    """He has answered, or his place is another's."""
    settle(f"seat:{seat.pk}")


def seat_vacated(seat: Seat):
    tell(
        OPERATE,
        f"seat-vacated:{seat.pk}:{seat.why}",
        "评审席位要递补",
        f"{seat}：{seat.get_why_display()}。",
        seat.panel,
    )


def signature_missing(seat: Seat):
    """To those who run the review: this member will not sign any more."""
    body = f"{seat}不再参加评审，不会再签字，请登记未签字。"
    tell(OPERATE, f"seat-unsigned:{seat.pk}", "评审席位要登记未签字", body, seat.panel)


def stood_down(seat: Seat):
    """Whoever stands down is told, and that he may object."""
    no_longer_awaited(seat)
    body = f"{short_day(seat.panel.starts_at)}的项目评审已由他人递补。您有异议可在工作台提出，或打{settings.SITE['phone']}。"
    notify(f"seat-down:{seat.pk}", seat.expert.user, "评审已由他人递补", body, seat.get_absolute_url())


def released(seat: Seat):
    body = f"{short_day(seat.panel.starts_at)}的项目评审不用您来了，时间已空出。有疑问请打{settings.SITE['phone']}。"
    notify(f"seat-released:{seat.pk}", seat.expert.user, "评审安排已取消", body, seat.get_absolute_url())


def objected(seat: Seat):
    tell(ANSWER, f"seat-objected:{seat.pk}", "有专家对递补提出异议", f"{seat}，请审查并答复。", seat.panel)


def objection_answered(seat: Seat):
    body = "您对评审递补的异议已有答复，请登录工作台查看。"
    notify(f"seat-answered:{seat.pk}", seat.expert.user, "异议已有答复", body, seat.get_absolute_url())


def inspector_wanted(draw: Draw):
    body = f"{draw.draw_id}候选池已锁定，请核对名单并提交随机数承诺。"
    notify_role(f"draw-frozen:{draw.pk}", WITNESS, "请监督抽取", body, draw.get_absolute_url())


def witness_invited(party: DrawParty):
    """To his own number alone: whoever else held the link could make his secret for him."""
    token = Link.issue(Link.Purpose.WITNESS, WITNESS_LINK, party=party)
    key = f"witness:{party.pk}:{party.links.latest('pk').pk}"  # a count would come again once old links are forgotten
    text(key, party.phone, "请见证抽取", f"请用本人手机见证抽取：{address('services:witness', token)}")


def panel_complete(panel: ReviewPanel):
    key = f"panel-complete:{panel.pk}:{panel.history.count()}"
    tell(OPERATE, key, "评审组已组成", f"{panel.number}的席位都已接受。", panel)
    tell(WITNESS, key, "评审组已组成", f"{panel.number}，{moment(panel.starts_at)}在{panel.place}，请到场监督。", panel)


def to_sign(panel: ReviewPanel):
    """Everybody in the room: the scores are worked out, the opinion is to be signed."""
    body = f"{panel.number}评分已截止，请登录工作台核对结果并签字。"
    tell_the_room("seat-sign", "请在评审意见上签字", body, panel)


def published(panel: ReviewPanel):
    """Members are told that the result is public, and that secrecy about the rest goes on (Article 4)."""
    body = f"{panel.number}评审结果已公布。评审中知悉的商业秘密仍要保密。"
    tell_the_room("seat-published", "评审结果已公布", body, panel)


def tell_the_room(key: str, subject: str, body: str, panel: ReviewPanel):
    """Whoever sits there anyway need not be called by SMS."""
    for seat in panel.seats.judging().select_related("expert__user"):
        notify(f"{key}:{seat.pk}", seat.expert.user, subject, body, seat.get_absolute_url(), sms=False)


def choice_proposed(choice: Choice):
    tell(WITNESS, f"choice:{choice.pk}", "定向选取待纪检意见", f"{choice.panel.number}提出定向选取。", choice.panel)


def choice_supported(choice: Choice):
    tell(SELECT, f"choice-supported:{choice.pk}", "定向选取待批准", f"{choice.panel.number}纪检已同意。", choice.panel)


def choice_decided(choice: Choice):
    body = f"{choice.panel.number}：{choice.get_state_display()}。"
    tell(OPERATE, f"choice-decided:{choice.pk}", "定向选取有结果", body, choice.panel)


def halted(halt: Halt):
    tell(OPERATE, f"halt:{halt.pk}", "评审已叫停", f"{halt.panel.number}：{halt.reason}。", halt.panel)


def lifted(halt: Halt):
    tell(OPERATE, f"halt-lifted:{halt.pk}", "评审已恢复", f"{halt.panel.number}：{halt.lifted_because}。", halt.panel)


def recusal_asked(request: RecusalRequest):
    body = f"{request.panel.number}有当事人申请回避，请审查。"
    tell(WITNESS, f"recusal:{request.pk}", "当事人申请回避待审查", body, request.panel)


def tell(permission: str, key: str, subject: str, body: str, panel: ReviewPanel):
    notify_role(key, permission, subject, body, panel.get_absolute_url())
