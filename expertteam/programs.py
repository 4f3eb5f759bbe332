"""How programs are answered: JSON, problems in their own format (RFC 9457), and what has not changed is not sent again."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime

from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from expertteam import clock

API = "/api/v1/"
PROBLEM = "application/problem+json"
MOST = 64 * 1024  # bytes of a body; the longest request we know has a tenth of it
TITLES = {
    400: "请求有误",
    401: "密钥无效",
    403: "没有这项权限",
    404: "没有找到",
    405: "不支持这个方法",
    409: "现在不能办理",
    410: "已不再公开",
    413: "内容太长",
    415: "内容类型不对",
    422: "内容有误",
    429: "请求太频繁",
    500: "服务器出错",
}


class Problem(Exception):
    """An answer other than the one asked for; ``more`` are further members of the document."""

    def __init__(self, status: int, detail: str, *, headers: dict | None = None, **more):
        super().__init__(detail)
        self.status, self.detail, self.headers, self.more = status, detail, headers or {}, more

    def answer(self) -> HttpResponse:
        said = {"type": "about:blank", "title": TITLES[self.status], "status": self.status, "detail": self.detail}
        headers = {"Cache-Control": "no-store"} | self.headers
        return written(said | self.more, status=self.status, content_type=PROBLEM, headers=headers)


def written(said: dict, *, content_type="application/json", **options) -> HttpResponse:
    """As JSON that people can read, too."""
    return HttpResponse(json.dumps(said, ensure_ascii=False, indent=1), content_type=content_type, **options)


def public(request, said: dict, changed_at: datetime | None = None) -> HttpResponse:
    """An answer for everybody: kept by whoever likes, but asked for again each time; 304 while it stays the same.

    The ETag is made of the answer itself, so it is never out of date.  ``changed_at`` becomes Last-Modified once
    its second is over, as another change in it could not be told from the first.
    """
    response = written(said)
    response["ETag"] = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    stamp = int(changed_at.timestamp()) if changed_at else None
    if stamp and stamp < int(clock.now().timestamp()):
        response["Last-Modified"] = http_date(stamp)
    else:
        stamp = None
    return get_conditional_response(request, response["ETag"], stamp, response)


def body(request) -> dict:
    """The JSON object that was sent; ``Problem`` says what else it is."""
    if request.content_type != "application/json":
        raise Problem(415, "请用application/json提交")
    if len(raw(request)) > MOST:
        raise Problem(413, f"最多{MOST // 1024}KB")
    try:
        said = json.loads(raw(request).decode())
        json.dumps(said, ensure_ascii=False).encode()  # a lone surrogate is no text
    except (ValueError, RecursionError) as wrong:
        raise Problem(400, "不是有效的JSON（UTF-8）") from wrong
    if not isinstance(said, dict):
        raise Problem(422, "请提交一个JSON对象")
    return said


def raw(request) -> bytes:
    """The bytes that were sent, as far as anybody wants to read them."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not announced.isdecimal():
        raise Problem(400, "Content-Length不是数字")
    if len(announced) > 9 or int(announced) > MOST:
        raise Problem(413, f"最多{MOST // 1024}KB")
    return request.body


def misfits(said: dict, schema: dict) -> dict[str, str]:
    """What in this object is not as its schema has it, by field: missing, unknown, or not of the type."""
    fields = schema["properties"]
    found = {name: "没有这个字段" for name in said if name not in fields}
    found |= {name: "不能缺" for name in schema["required"] if name not in said}
    return found | {name: "类型不对" for name in said if name in fields and not fits(said[name], fields[name])}


def fits(value, schema: dict) -> bool:
    """Whether a value is of the schema's type; words without NUL, lists of words, objects of words."""
    if schema["type"] == "string":
        return isinstance(value, str) and "\0" not in value
    if schema["type"] == "array":
        return isinstance(value, list) and all(fits(each, schema["items"]) for each in value)
    return isinstance(value, dict) and not misfits(value, schema)


def by_method(**views: Callable) -> Callable:
    """One address, a view for each method; any other is a problem that names them."""
    allowed = ", ".join(sorted({*views, "OPTIONS", *(["HEAD"] if "GET" in views else [])}))

    def view(request, *args, **kwargs):
        chosen = views.get("GET" if request.method == "HEAD" else request.method)
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": allowed})
        if chosen is None:
            raise Problem(405, f"可以用的方法：{allowed}", headers={"Allow": allowed})
        return chosen(request, *args, **kwargs)

    return view
