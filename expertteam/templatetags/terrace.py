"""Tags and filters of the portal's templates; built in, so no template needs to load them."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from expertteam import clock
from expertteam.regulation import anchor, named, provision

register = template.Library()
TONES = ("", "b", "c", "d")
WEEKDAYS = "一二三四五六日"
SYSTEMS = {  # the first mark found names it
    "HarmonyOS": "鸿蒙手机", "iPhone": "iPhone", "iPad": "iPad", "Android": "安卓手机", "Windows": "Windows",
    "Macintosh": "Mac", "Linux": "Linux",
}  # fmt: skip
BROWSERS = {
    "MicroMessenger": "微信", "Edg": "Edge", "Firefox": "Firefox", "QQBrowser": "QQ浏览器", "Chrome": "Chrome",
    "Safari": "Safari",
}  # fmt: skip
NEAR = timedelta(days=60)  # within this a date carries its weekday
SOON = 2  # a deadline this many weekdays away is close


@register.simple_tag(takes_context=True)
def cite(context, number):
    """``{% cite "12(2)" %}``: the provision as a link, which ``{% cites %}`` lets open in place."""
    where = anchor(number)
    if request := context.get("request"):
        request.cited = getattr(request, "cited", {}) | {where: provision(where)}
    url = f"{reverse('rules')}#{where}"
    return format_html('<a class="cite" href="{}" data-cite="{}">{}</a>', url, where, named(number))


@register.inclusion_tag("ui/cites.html", takes_context=True)
def cites(context):
    """The provisions cited on this page so far, each as a popover; stands at its end."""
    cited = getattr(context.get("request"), "cited", {})
    return {"provisions": cited.values()}


@register.filter
def cited(reason) -> str:
    """签收告知书（第12¶2条） → 签收告知书（第十二条第二款）: a paragraph as people read it."""
    return re.sub(r"第(\d+¶\d+)条", lambda match: named(match[1]), reason or "")


@register.filter
def dial(number) -> str:
    """A telephone number that a phone calls when it is tapped."""
    return format_html('<a class="nb" href="tel:{}">{}</a>', number.replace(" ", ""), number)


@register.simple_tag
def deadline(at):
    """The badge of a deadline: ``还剩3天，10月22日 18:00截止``, and by its colour how close it is."""
    return format_html(
        '<span class="due {}"><time datetime="{}">{}</time></span>',
        due(at),
        timezone.localtime(at).isoformat(),
        countdown(at),
    )


@register.filter
def due(at) -> str:
    """Class of the badge of a deadline: ``late``, ``soon`` (at most two weekdays off), or none."""
    if at < clock.now():
        return "late"
    today, last = clock.today(), local(at)
    between = (today + timedelta(days=n) for n in range(1, (last - today).days + 1))
    return "soon" if sum(day.weekday() < 5 for day in between) <= SOON else ""


@register.filter
def countdown(at) -> str:
    """How long until a deadline, never without the moment itself."""
    days, hour = (local(at) - clock.today()).days, f"{timezone.localtime(at):%H:%M}"
    if at < clock.now():
        return f"{moment(at)}已截止"
    near = {0: f"今天{hour}截止", 1: f"明天{hour}截止"}
    return near.get(days) or f"还剩{days}天，{moment(at)}截止"


@register.filter
def long_day(value) -> str:
    """2026年10月22日: on documents, and where the year matters."""
    day = local(value)
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def short_day(value) -> str:
    """10月22日, with the year when it is another one."""
    day = local(value)
    return f"{day.month}月{day.day}日" if day.year == clock.today().year else long_day(day)


@register.filter
def weekday(value) -> str:
    """周四."""
    return f"周{WEEKDAYS[local(value).weekday()]}"


@register.filter
def day(value) -> str:
    """10月22日（周四）: the weekday only within sixty days."""
    on = local(value)
    return short_day(on) + (f"（{weekday(on)}）" if abs(on - clock.today()) <= NEAR else "")


@register.filter
def moment(value) -> str:
    """10月22日 18:00."""
    return f"{short_day(value)} {timezone.localtime(value):%H:%M}"


@register.filter
def period(first, last) -> str:
    """10月16日至10月22日; both with their year unless both are of this year."""
    years = {local(first).year, local(last).year}
    write = short_day if years == {clock.today().year} else long_day
    return f"{write(first)}至{write(last)}"


@register.filter
def months(count: int) -> str:
    """76 → 6年4个月."""
    years, rest = divmod(count, 12)
    return (f"{years}年" if years else "") + (f"{rest}个月" if rest or not years else "")


@register.filter
def duration(minutes: int) -> str:
    """45 → 45分钟, 90 → 1.5小时, 100 → 1小时40分钟."""
    hours, rest = divmod(minutes, 60)
    if hours and rest in (0, 30):
        return f"{hours}{'.5' if rest else ''}小时"
    return (f"{hours}小时" if hours else "") + f"{rest}分钟"


@register.filter
def yuan(amount: Decimal) -> str:
    """26,300.00: an amount, its unit stands in the heading or behind it."""
    return f"{amount:,.2f}"


@register.filter
def mask_phone(number: str) -> str:
    """138****0000: what any page but the person's own record shows."""
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else "*" * len(number)


@register.filter
def mask_name(name: str) -> str:
    """刘**: how lists of the office call a person."""
    return f"{name[:1]}**" if name else ""


@register.filter
def mask_id(number: str) -> str:
    """1401**********1234; of a short number only the last two characters."""
    if len(number) < 12:
        head, tail = "", number[2:][-2:]
    else:
        head, tail = number[:4], number[-4:]
    return head + "*" * (len(number) - len(head + tail)) + tail


@register.filter
def mask_receipt(number: str) -> str:
    """****1234: a receipt opens what was sent in, so no register and no file has the whole of it."""
    return f"****{number[-4:]}"


@register.filter
def grouped(number: str) -> str:
    """SQ20260007 → SQ 2026 0007, for reading aloud; anything else stays as it is."""
    match = re.fullmatch(r"([A-Z]*)(\d{5,})", str(number))
    if not match:
        return number
    letters, digits = match.groups()
    return " ".join(filter(None, [letters, *(digits[n : n + 4] for n in range(0, len(digits), 4))]))


@register.filter
def device(user_agent: str) -> str:
    """Windows上的Chrome: what a person calls the thing he signs in from."""
    system, browser = (
        next((name for mark, name in marks.items() if mark in user_agent), "") for marks in (SYSTEMS, BROWSERS)
    )
    return "上的".join(filter(None, [system, browser])) or "认不出的设备"


@register.filter
def tone(name: str) -> str:
    """Colour class of a name seal, always the same for the same name."""
    return TONES[sum(map(ord, name)) % len(TONES)]


@register.filter
def window(page):
    """The page numbers around a page of a list, with an ellipsis for those left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


def local(value: date | datetime) -> date:
    """The day in Asia/Shanghai."""
    return timezone.localdate(value) if isinstance(value, datetime) else value
