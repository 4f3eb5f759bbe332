"""The columns of the office's lists of requests, services, events and reviews, as they go out."""

from expertteam import clock
from expertteam.exports import Listing
from expertteam.templatetags.terrace import mask_name, mask_phone
from services.events import followed
from services.models import Draw

NAME, PHONE = (lambda record: mask_name(record.name)), (lambda record: mask_phone(record.phone))
OVER = {"over": {"": "已结束"}}


def source(service) -> str:
    """The number of what the service came from."""
    came_from = service.request or service.activity or service.pairing
    return came_from.number if came_from else "没有预约"


def whom(request) -> str:
    if request.expert:
        return str(request.expert)
    return f"想约{request.wanted}" if request.wanted else "中心匹配"


def wished(request):
    """The hour asked for, or when it would suit."""
    return request.starts_at or "、".join(request.wish_labels) or "由中心安排"


def tried(service) -> str:
    return f"{service.tried}次没接通" if service.tried else "还没打"


def came_at(entry) -> str:
    """The hour, of who came."""
    return f"{clock.local(entry.attended_at):%H:%M}" if entry.attended_at else ""


def next_contact(pairing):
    """The day, if one is due."""
    return followed(pairing)[1] or "无"


def drawn(review) -> str:
    """How far its live draw has come."""
    return Draw.State(review.draw_state).label if review.draw_state else "没有抽取"


QUEUE = Listing(
    "预约匹配",
    {
        "答复期限": "answer_due",
        "预约": "number",
        "想聊": lambda request: "、".join(request.topic_labels),
        "服务对象": lambda request: request.get_group_display() or "没有说",
        "重点": lambda request: "重点" if request.is_key else "",
        "渠道": "get_channel_display",
        "想约的时间": wished,
        "专家": whom,
    },
)
REQUESTS = Listing(
    "预约",
    {
        "预约号": "number",
        "渠道": "get_channel_display",
        "方面": lambda request: "、".join(request.topic_labels),
        "服务对象": NAME,
        "手机号": PHONE,
        "专家": whom,
        "见面": lambda request: request.starts_at or "时间待定",
        "地点": "get_place_display",
        "提交": "submitted_at",
        "状态": "get_state_display",
    },
)
SERVICES = Listing(
    "服务记录",
    {
        "服务": "get_kind_display",
        "编号": source,
        "专家": "expert",
        "服务对象": lambda service: mask_name(service.name) or "现场参加的人",
        "手机号": PHONE,
        "时间": "started_at",
        "分钟": "counted_minutes",
        "状态": "get_state_display",
        "补记": lambda service: "补记" if service.late else "",
    },
)
CALLBACKS = Listing(
    "电话回访",
    {
        "回访期限": "call_due",
        "服务": str,
        "预约号": lambda service: service.request.number if service.request else "没有预约",
        "服务对象": NAME,
        "手机号": PHONE,
        "专家记的": "started_at",
        "分钟": "minutes",
        "打过": tried,
    },
)
ACTIVITIES = Listing(
    "专题活动",
    {
        "活动": "title",
        "编号": "number",
        "形式": "get_kind_display",
        "时间": "starts_at",
        "报名": "seats",
        "名额": "capacity",
        "候补": "waits",
        "状态": "get_state_display",
    },
    OVER,
)
ATTENDANCE = Listing(
    "签到表",
    {
        "次序": "line",
        "姓名": "name",
        "手机尾号": lambda entry: entry.phone[-4:],
        "签到": came_at,
        "签名": lambda entry: "",  # on paper
    },
)
PAIRINGS = Listing(
    "结对帮扶",
    {
        "编号": "number",
        "专家": "expert",
        "形式": lambda pairing: followed(pairing)[0],
        "起止": lambda pairing: f"{pairing.starts_on}至{pairing.ends_on}",
        "下次联系": next_contact,
        "超期": lambda pairing: "超期" if followed(pairing)[2] else "",
        "状态": "get_state_display",
    },
    OVER,
)
PANELS = Listing(
    "项目评审",
    {
        "评审": "title",
        "编号": "number",
        "评审对象": "get_kind_display",
        "时间": "starts_at",
        "状态": "get_state_display",
        "抽取": drawn,
    },
    {"show": {"mine": "我经手的", "all": "全部"}},
)
