"""The API described in OpenAPI 3.1, by hand: what it takes and what it answers, tested against what it does.

``PATHS`` and ``SCHEMAS`` are lists into which the floors above enter theirs (``registers.py``).  The page for
people is made of the same description; ``x-curl`` holds its examples.
"""

from django.conf import settings

from experts.models import CATEGORY_NAMES, District, Topic
from experts.openings import WHEN
from expertteam.programs import API, PROBLEM

VERSION = "1.0.0"
NO = r"^[A-Za-z0-9-]{1,12}$"


def text(said="", **more) -> dict:
    return {"type": "string"} | ({"description": said} if said else {}) | more


def listed(items: dict, said="", **more) -> dict:
    return {"type": "array", "items": items} | ({"description": said} if said else {}) | more


def named(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def record(said="", optional=(), **properties) -> dict:
    """An object that has these and no other members, all of them but the optional ones always."""
    needed = [name for name in properties if name not in optional]
    whole = {"type": "object", "properties": properties, "required": needed, "additionalProperties": False}
    return whole | ({"description": said} if said else {})


def or_null(schema: dict) -> dict:
    """The same, or null where the expert does not show it."""
    return {"anyOf": [schema, {"type": "null"}]} if "$ref" in schema or schema["type"] == "object" else schema | {
        "type": [schema["type"], "null"]
    }  # fmt: skip


def parameter(name: str, said: str, where="query", **schema) -> dict:
    schema = {"type": "string"} | schema
    return {"name": name, "in": where, "required": where == "path", "description": said, "schema": schema}


def answer(said: str, schema: dict, **headers) -> dict:
    content = {"application/json": {"schema": schema}}
    return {"description": said, "content": content} | ({"headers": headers} if headers else {})


def problems(**said: str) -> dict:
    """Answers that are problems, by status: ``_400="…"``; those that every address may give come by themselves."""
    every = {"_400": "请求没看懂", "_401": "密钥无效", "_403": "没有用https", "_429": "请求太频繁，1分钟后再试"}
    content = {PROBLEM: {"schema": named("Problem")}}
    return {status[1:]: {"description": words, "content": content} for status, words in sorted((every | said).items())}


KEPT = {
    "ETag": {"description": "下次放进If-None-Match，没有变化就答304", "schema": {"type": "string"}},
}
UNCHANGED = {"304": {"description": "没有变化"}}
LIMIT = parameter("limit", "一页多少条，默认50", type="integer", minimum=1, maximum=100)
COURSE = {"type": "string", "description": "不透明的游标，原样带回"}
CODED = record(code=text(), name=text())

SCHEMAS: dict[str, dict] = {
    "Expert": record(
        "一位在聘、同意公开的专家。本人没有公开的资料是null。",
        no=text("专家编号", pattern=NO),
        name=text("姓名"),
        category=record("聘任类别（第五条）", code={"type": "integer", "minimum": 1, "maximum": 8}, name=text()),
        topics=listed(CODED, "擅长领域（第八条第一项）"),
        line=or_null(text("一句话介绍")),
        title=or_null(text("职称")),
        employer=or_null(text("工作单位")),
        position=or_null(text("职务")),
        biography=or_null(text("个人经历")),
        district=or_null(CODED),
        visits={"type": "boolean", "description": "可以上门指导"},
        term=record(
            "现在这个聘期，首末两天都算", certificate=text("聘书编号"), first_day=text(format="date"),
            last_day=text(format="date"),
        ),
        url=text("介绍页", format="uri"),
        booking_url=or_null(text("预约页", format="uri")),
    ),
    "Experts": record(experts=listed(named("Expert")), next=or_null(text("下一页的游标，没有了是null"))),
    "Change": record(
        "gone为true：这个编号已不在公开名录中，请马上从您的页面撤下",
        no=text("专家编号"), gone={"type": "boolean"}, expert=or_null(named("Expert")),
    ),
    "Changes": record(changes=listed(named("Change")), next=COURSE, more={"type": "boolean", "description": "后面还有"}),
    "Problem": {
        "type": "object",
        "description": "RFC 9457。errors按字段说明哪里不对。",
        "properties": {
            "type": text(), "title": text(), "status": {"type": "integer"}, "detail": text(), "article": text("办法条款"),
            "errors": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "required": ["type", "title", "status", "detail"],
    },
}  # fmt: skip

PATHS: dict[str, dict] = {
    "/experts": {
        "get": {
            "operationId": "experts",
            "summary": "公开名录",
            "description": "在聘并同意公开的专家，按编号排列；筛选条件和网页上的“找专家”一样。",
            "tags": ["名录"],
            "parameters": [
                parameter("q", "姓名、拼音、单位或关键词", maxLength=50),
                parameter("topic", "想聊什么，可以给几个", type="array", items=text(enum=Topic.values)),
                parameter("area", "所在区县（GB/T 2260）", enum=District.values),
                parameter("kind", "专家类别（第五条第几项）", type="integer", enum=list(CATEGORY_NAMES)),
                parameter("visit", "可以上门指导", enum=["1"]),
                parameter("when", "什么时候有空", enum=[each.value for each in WHEN]),
                parameter("cursor", "上一页的next"),
                LIMIT,
            ],
            "responses": {"200": answer("一页专家", named("Experts"), **KEPT)} | UNCHANGED | problems(_400="参数有误"),
            "x-curl": 'curl "{url}/experts?topic=finance&area=140105"',
        }
    },
    "/experts/changes": {
        "get": {
            "operationId": "changes",
            "summary": "名录有了哪些变化",
            "description": "第一次不带since，取到more为false为止；以后每5到10分钟带上最后的next再取一次，"
            "不要隔得更久：撤回公开的专家，我们答应他在合作网站10分钟内一并更新。"
            "聘期届满、解聘、撤回公开、换编号，都会出现在这里，gone为true。游标不会漏掉任何变化。"
            "本站从备份恢复之后，以前的游标一律答400：请不带since从头取一遍，整个替换手里的副本。",
            "tags": ["名录"],
            "parameters": [parameter("since", "上一次的next"), LIMIT],
            "responses": {"200": answer("一页变化", named("Changes"), **KEPT)}
            | UNCHANGED
            | problems(_400="游标无效，请从头取"),
            "x-curl": 'curl "{url}/experts/changes?since=上一次的next"',
        }
    },
    "/experts/{no}": {
        "get": {
            "operationId": "expert",
            "summary": "一位专家",
            "description": "没有这个编号答404；曾经在聘、现在不再公开答410。",
            "tags": ["名录"],
            "parameters": [parameter("no", "专家编号", "path", pattern=NO)],
            "responses": {"200": answer("这位专家", named("Expert"), **KEPT)}
            | UNCHANGED
            | problems(_404="没有这位专家", _410="已不在公开名录中"),
            "x-curl": 'curl -H \'If-None-Match: "上一次的ETag"\' "{url}/experts/TY-0001"',
        }
    },
    "/openapi.json": {
        "get": {
            "operationId": "description",
            "summary": "接口说明（OpenAPI 3.1）",
            "description": "这一页由它生成。",
            "tags": ["名录"],
            "parameters": [],
            "responses": {"200": answer("接口说明", {"type": "object"}, **KEPT)} | UNCHANGED | problems(),
            "x-curl": 'curl "{url}/openapi.json"',
        }
    },
}


def document() -> dict:
    """The whole description, of all floors."""
    about = f"{settings.SITE['org']}公开的专家名录（办法第十条），以及供合作网站提交预约（第十条第三项）的接口。"
    bearer = {"type": "http", "scheme": "bearer", "description": "公开名录不用密钥；带密钥的可以取得更快。"}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{settings.SITE['team']}接口", "version": VERSION, "description": about},
        "servers": [{"url": f"{settings.SITE_URL}{API.rstrip('/')}"}],
        "security": [{}, {"key": []}],
        "paths": PATHS,
        "components": {"schemas": SCHEMAS, "securitySchemes": {"key": bearer}},
    }


def groups() -> list[tuple[str, list[dict]]]:
    """The operations by their tags, as the page for people lists them."""
    url, found = document()["servers"][0]["url"], {}
    for path, methods in PATHS.items():
        for method, said in methods.items():
            body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
            shown = {"method": method.upper(), "path": path, "body": SCHEMAS.get(body.get("$ref", "").split("/")[-1])}
            shown["parameters"] = [each | {"choices": choices(each["schema"])} for each in said["parameters"]]
            shown["curl"] = said["x-curl"].replace("{url}", url)
            found.setdefault(said["tags"][0], []).append(said | shown)
    return list(found.items())


def choices(schema: dict) -> list:
    """The values among which to choose, if there are such."""
    return schema.get("enum") or schema.get("items", {}).get("enum") or []
