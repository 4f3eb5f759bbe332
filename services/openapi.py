"""What the API takes and answers about bookings, as ``experts.openapi`` describes the rest."""

from experts.models import District, Topic
from experts.openapi import KEPT, UNCHANGED, answer, listed, named, parameter, problems, record, text
from expertteam import consents
from services.actions.request import TEXTS
from services.models import ClientGroup, Place, ServiceRequest, Wish

BOOK = [{"key": []}]
OPTIONAL = (
    "wishes", "group", "place", "district", "address", "visit_reason", "enterprise", "enterprise_code", "expert",
    "slot", "code",
)  # fmt: skip
REQUEST = record(
    "和网上预约一样的内容。",
    optional=OPTIONAL,
    topics=listed(text(enum=Topic.values), "想聊哪方面，至少一个", minItems=1, uniqueItems=True),
    question=text("想问的问题，10到300字，提交后只有匹配人员和匹配到的专家能看到", minLength=10, maxLength=300),
    name=text("怎么称呼", minLength=1, maxLength=30),
    phone=text("手机号，通知和核对用", maxLength=20),
    consents=record(
        "本人在您的页面上看过并同意的版本，文本见/consents", **{kind: text(maxLength=20) for kind in TEXTS}
    ),
    wishes=listed(text(enum=Wish.values), "什么时候方便", uniqueItems=True),
    group=text("目前的情况（第七条），可以不填", enum=["", *ClientGroup.values]),
    place=text(
        "在哪里见面，不填是到服务中心；上门要写区县、地址，非重点对象还要写原因", enum=[Place.CENTRE, Place.VISIT]
    ),
    district=text("所在区县", enum=["", *District.values]),
    address=text("上门地址", maxLength=100),
    visit_reason=text("上门原因", maxLength=100),
    enterprise=text("企业或项目名称", maxLength=100),
    enterprise_code=text("统一社会信用代码", maxLength=40),
    expert=text("想约的专家编号，不填由中心匹配", maxLength=12),
    slot=text("这位专家的时段，如202610221400；要同时写expert", maxLength=12),
    code=text("短信验证码，/codes说需要时才填", maxLength=6),
)
STANDING = {kind: consents.TEXTS[kind].version for kind in TEXTS}
PHONE = record("要核实的手机号", phone=text("手机号", maxLength=20))
SCHEMAS = {
    "NewRequest": REQUEST,
    "Request": record(
        "一个预约办到哪一步，不含咨询内容",
        number=text("预约编号"), state=text(enum=ServiceRequest.State.values), state_name=text("状态"),
        submitted_at=text("提交时间", format="date-time"), answer_due=text("最晚答复时间", format="date-time"),
    ),
    "Phone": PHONE,
    "Code": record(needed={"type": "boolean", "description": "为true：验证码已发，提交时放进code"}),
    "Texts": record(
        texts=listed(record(kind=text(), version=text("版本"), title=text("标题"), body=text("全文，要让本人看到")))
    ),
}  # fmt: skip


def taken(schema: str, example: str) -> dict:
    return {"required": True, "content": {"application/json": {"schema": named(schema), "example": example}}}


KEY = parameter("Idempotency-Key", "每次预约一个，重发时不变", "header", minLength=1, maxLength=128) | {
    "required": True
}
WRONG = {"_403": "密钥没有预约权限", "_413": "内容太长", "_415": "内容类型不对", "_422": "内容有误"}
CURL = 'curl -X POST -H "Authorization: Bearer 密钥" -H "Content-Type: application/json" '
PATHS = {
    "/consents": {
        "get": {
            "operationId": "consents",
            "summary": "预约前要出示的文本",
            "description": "专家意见仅供参考（第十四条）、保密（第四条）、个人信息处理告知。提交时写明本人同意的版本。",
            "tags": ["预约"],
            "parameters": [],
            "responses": {"200": answer("现行文本", named("Texts"), **KEPT)} | UNCHANGED | problems(),
            "x-curl": 'curl "{url}/consents"',
        }
    },
    "/codes": {
        "post": {
            "operationId": "code",
            "summary": "给本人的手机发验证码",
            "description": "局里要求核实手机号时用；不要求时答needed为false，什么也不发。",
            "tags": ["预约"],
            "security": BOOK,
            "parameters": [],
            "requestBody": taken("Phone", {"phone": "13800000000"}),
            "responses": {"200": answer("要不要验证码", named("Code"))}
            | problems(_409="刚发过，或次数太多", **WRONG),
            "x-curl": CURL + '-d \'{"phone": "13800000000"}\' "{url}/codes"',
        }
    },
    "/requests": {
        "post": {
            "operationId": "book",
            "summary": "提交预约",
            "description": "同样的Idempotency-Key和内容再发一次，30天内得到同样的回答，不会重复预约；内容不同答422。",
            "tags": ["预约"],
            "security": BOOK,
            "parameters": [KEY],
            "requestBody": taken("NewRequest", {"topics": ["finance"], "consents": STANDING}),
            "responses": {"201": answer("已提交", named("Request"))}
            | problems(_409="现在约不成，detail说明原因", **WRONG),
            "x-curl": CURL + '-H "Idempotency-Key: 5f0c2a" -d @yuyue.json "{url}/requests"',
        }
    },
    "/requests/{number}": {
        "get": {
            "operationId": "request",
            "summary": "您提交的预约办到哪一步",
            "description": "只能看自己提交的，其余一律答404。",
            "tags": ["预约"],
            "security": BOOK,
            "parameters": [parameter("number", "预约编号", "path")],
            "responses": {"200": answer("办到哪一步", named("Request"))}
            | problems(_403="密钥没有预约权限", _404="没有这个预约"),
            "x-curl": 'curl -H "Authorization: Bearer 密钥" "{url}/requests/YY26100042"',
        }
    },
}  # fmt: skip
