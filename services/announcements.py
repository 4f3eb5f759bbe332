"""What people are told of pairings and activities; a text that goes out by SMS has at most 70 characters."""

from django.conf import settings
from django.urls import reverse

from expertteam import clock
from expertteam.notify import notify, notify_role, text
from expertteam.templatetags.terrace import moment, short_day
from services.models import Activity, ActivityRole, Pairing, SignUp

BRIEF = 14  # characters of a title in an SMS
CLOSE_PAIRING, INVITE = "services.close_pairing", "services.invite_activityrole"


def pairing_proposed(pairing: Pairing):
    body = f"请您结对帮扶{pairing.members.count()}位创业者，{short_day(pairing.starts_on)}起。请登录工作台答复（{pairing.number}）。"
    notify(f"pairing:{pairing.pk}", pairing.expert.user, "请您结对帮扶", body, desk(pairing))


def pairing_grew(pairing: Pairing):
    key = f"pairing-grew:{pairing.pk}:{pairing.members.count()}"
    body = f"{pairing.number}又加入一位创业者，请登录工作台查看。"
    notify(key, pairing.expert.user, "结对对象有增加", body, desk(pairing))


def pairing_accepted(pairing: Pairing):
    told(pairing, "accepted", "专家已接受", f"{pairing.number}专家已接受，结对开始。")
    for member in pairing.members.current():
        body = f"{pairing.expert}老师已接受与您结对，至少每{pairing.cadence_days}天联系您一次。有事请打{settings.SITE['phone']}。"
        text(f"pairing-accepted:{member.pk}", member.phone, "结对已开始", body)


def pairing_declined(pairing: Pairing):
    told(pairing, "declined", "专家没有接受结对", f"{pairing.number}专家没有接受，请另找专家。")
    for member in pairing.members.current():
        body = f"您想结对的专家这次来不了，我们再为您找，找到后告诉您。有事请打{settings.SITE['phone']}。"
        text(f"pairing-declined:{member.pk}", member.phone, "正在另找专家", body)


def pairing_reported(pairing: Pairing):
    key = f"reported:{clock.local(pairing.reported_at):%Y%m%d%H%M%S}"
    told(pairing, key, "结对成效待办结", f"{pairing.number}专家已写帮扶成效，请办结。")


def pairing_closed(pairing: Pairing):
    body = f"结对{pairing.number}已办结：{pairing.get_result_display()}。辛苦了，保密义务继续有效。"
    notify(f"pairing-closed:{pairing.pk}", pairing.expert.user, "结对已办结", body, desk(pairing))


def pairing_called_off(pairing: Pairing):
    body = f"结对{pairing.number}已终止，不再安排联系。有疑问请打{settings.SITE['phone']}。"
    notify(f"pairing-off:{pairing.pk}", pairing.expert.user, "结对已终止", body, desk(pairing))
    for member in pairing.members.current():
        text(f"pairing-off:{member.pk}", member.phone, "结对已终止", body)


def pairing_discontinued(pairing: Pairing):
    """The expert helps no more; whoever had not yet met him only waits longer."""
    told(pairing, "discontinued", "结对要另找专家", f"{pairing.number}专家不再承担这项服务，请跟对象商量另找专家。")
    body = f"结对{pairing.number}已终止，不再安排联系。有疑问请打{settings.SITE['phone']}。"
    notify(f"pairing-off:{pairing.pk}", pairing.expert.user, "结对已终止", body, desk(pairing))
    begun = pairing.state == Pairing.State.ACTIVE
    for member in pairing.members.current():
        who = "与您结对的专家" if begun else "您想结对的专家"
        body = f"{who}不再承担这项服务，我们会跟您商量另找专家。有事请打{settings.SITE['phone']}。"
        text(f"pairing-discontinued:{member.pk}", member.phone, "正在另找专家", body)


def contact_is_due(pairing: Pairing):
    """Before the day and, where it has passed, after it: one notice for each due day and side."""
    due = pairing.contact_due()
    body = f"结对{pairing.number}最晚{short_day(due)}要联系一次，联系以后请记一笔。"
    notify(f"pairing-contact:{pairing.pk}:{due}", pairing.expert.user, "该联系结对对象了", body, desk(pairing))
    if pairing.is_overdue(clock.today()):
        told(pairing, f"late:{due}", "结对联系超期", f"{pairing.number}应在{short_day(due)}前联系，还没有记录。")


def told(pairing: Pairing, what: str, subject: str, body: str):
    """To whoever keeps the pairings."""
    notify_role(f"pairing-{what}:{pairing.pk}", CLOSE_PAIRING, subject, body, pairing.get_absolute_url())


def desk(pairing: Pairing) -> str:
    return reverse("services:desk_pairing", args=[pairing.pk])


def brief(activity: Activity) -> str:
    """The title as far as an SMS has room for it."""
    title = activity.title
    return f"“{title if len(title) <= BRIEF else title[: BRIEF - 1] + '…'}”"


def role_asked(role: ActivityRole):
    body = f"请您{moment(role.starts_at)}任{brief(role.activity)}{role.get_role_display()}。请登录工作台答复。"
    key = f"role:{role.pk}:{role.history.count()}"
    notify(key, role.expert.user, "请您参加活动", body, role.get_absolute_url())


def role_answered(role: ActivityRole):
    answer = role.State.ACCEPTED if role.engagement_id else role.State.DECLINED
    body = f"{role.expert}：{role.activity.number}{role.get_role_display()}，{ActivityRole.State(answer).label}。"
    url = reverse("services:staff_activity", args=[role.activity_id])
    notify_role(f"role-answered:{role.pk}:{role.history.count()}", INVITE, "专家已答复", body, url)


def role_released(role: ActivityRole):
    body = (
        f"{moment(role.starts_at)}的{brief(role.activity)}不用您来了，时间已空出。有疑问请打{settings.SITE['phone']}。"
    )
    notify(f"role-released:{role.pk}", role.expert.user, "活动安排已撤回", body, role.get_absolute_url())


def role_vacated(role: ActivityRole):
    """To those who invite: somebody else has to be asked."""
    body = f"{role.expert}不再承担{role.activity.number}{role.get_role_display()}，请另请专家。"
    url = reverse("services:staff_activity", args=[role.activity_id])
    notify_role(f"role-vacated:{role.pk}", INVITE, "活动要另请专家", body, url)


def signed_up(sign_up: SignUp):
    activity = sign_up.activity
    if sign_up.state == SignUp.State.SEATED:
        body = f"已报上{brief(activity)}，{moment(activity.starts_at)}。来不了请打{settings.SITE['phone']}取消。"
    else:
        body = f"{brief(activity)}名额已满，您在候补。有人取消就短信告诉您。电话{settings.SITE['phone']}。"
    text(f"sign-up:{sign_up.pk}", sign_up.phone, "活动报名", body)


def moved_up(sign_up: SignUp):
    activity = sign_up.activity
    body = f"有座位了：{brief(activity)}，{moment(activity.starts_at)}。来不了请打{settings.SITE['phone']}取消。"
    text(f"moved-up:{sign_up.pk}", sign_up.phone, "候补已有座位", body)


def given_up(sign_up: SignUp):
    text(f"given-up:{sign_up.pk}", sign_up.phone, "报名已取消", f"您对{brief(sign_up.activity)}的报名已取消。")


def amended(activity: Activity, sign_up: SignUp):
    key = f"amended:{activity.history.count()}:{sign_up.pk}"
    body = f"{brief(activity)}有变动：{moment(activity.starts_at)}，地点见网站活动页，或问{settings.SITE['phone']}。"
    text(key, sign_up.phone, "活动有变动", body)


def cancelled(activity: Activity, sign_up: SignUp):
    body = f"{brief(activity)}（{moment(activity.starts_at)}）取消了，请不要跑空。电话{settings.SITE['phone']}。"
    text(f"cancelled:{sign_up.pk}", sign_up.phone, "活动取消", body)


def soon(sign_up: SignUp):
    """The day before."""
    activity = sign_up.activity
    body = f"提醒：明天{clock.local(activity.starts_at):%H:%M}{brief(activity)}，提前到场签到。来不了请打{settings.SITE['phone']}。"
    text(f"soon:{sign_up.pk}:{clock.local(activity.starts_at).date()}", sign_up.phone, "明天的活动", body)
