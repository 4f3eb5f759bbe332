"""Anything at all is sent to every address of the API, with and without keys: it answers as described, never with 5xx (T12)."""

import json
import string
from urllib.parse import quote, quote_from_bytes

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experts import openapi
from expertteam import clock, limits
from expertteam.programs import API
from services.models import ServiceRequest
from tests.conftest import Browser
from tests.experts.described import check
from tests.make import make_expert, make_hours, make_partner_key, make_user
from tests.services.test_sent_in import SAID

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
EXAMPLES = 200  # of each address that takes something: half a minute in all
TASTE = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
OPERATIONS = [(path, method) for path, methods in openapi.PATHS.items() for method in methods]
KEYS = ["", "Bearer ty_read", "Bearer ty_book", "Bearer ty_none", "Basic \xff", "bearer  ty_book "]

NASTY = st.sampled_from(
    ["\0", "\ud800", "\ufeff", "\u202e", "𝟘", "²", "-1", "0", "9" * 400, "1e999", "null", "'; DROP TABLE x; --", "<script>",
     "{{ 7 }}", "%s%n", "../../etc/passwd", "\r\nX: y", "A" * 3000, "韩" * 500, "TY-0001", "202603051400", "13800000001"]
)  # fmt: skip
TEXT = st.one_of(NASTY, st.text(max_size=40), st.text(string.digits, max_size=30))
SCALAR = st.one_of(st.none(), st.booleans(), st.integers(-(10**30), 10**30), st.floats(), TEXT)
JSON = st.recursive(
    SCALAR, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)), max_leaves=8
)
DEEP = st.integers(2, 20_000).map(lambda depth: b"[" * depth + b"]" * depth)


def of(schema: dict):
    """What the schema describes, more or less."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "array":
        return st.lists(of(schema["items"]), max_size=3)
    if schema["type"] == "object":
        return st.fixed_dictionaries({name: of(each) for name, each in schema["properties"].items()})
    return st.integers(-5, 300) if schema["type"] == "integer" else TEXT


def bodies(operation: dict):
    """What is sent: one that fits with a field or two spoilt, any JSON, or no JSON at all."""
    if "requestBody" not in operation:
        return st.just(b"")
    schema = openapi.SCHEMAS[operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].split("/")[-1]]
    right = {name: value for name, value in SAID.items() if name in schema["properties"]}
    fields = [*schema["properties"], "state", "partner", "id"]
    near = st.dictionaries(st.sampled_from(fields), st.one_of(JSON, TEXT), max_size=2).map(
        lambda spoilt: right | spoilt
    )
    likely = st.fixed_dictionaries({}, optional={name: of(each) for name, each in schema["properties"].items()})
    written = st.one_of(near, likely.map(lambda some: right | some), JSON).map(lambda said: json.dumps(said).encode())
    return st.one_of(written, written, written, st.binary(max_size=60), DEEP)


def queries(operation: dict):
    """A query string of names that are known and names that are not, of text and of bytes that are none."""
    known = {each["name"]: each["schema"] for each in operation["parameters"] if each["in"] == "query"}
    pair = st.sampled_from([*known, "id", "format", "\0"]).flatmap(
        lambda name: st.tuples(st.just(name), st.one_of(of(known[name]).map(str) if name in known else TEXT, TEXT, st.binary(max_size=8)))
    )  # fmt: skip
    return st.lists(pair, max_size=4).map(
        lambda pairs: "&".join(f"{escaped(name)}={escaped(value)}" for name, value in pairs)
    )


def escaped(value: str | bytes) -> str:
    return quote_from_bytes(value, "") if isinstance(value, bytes) else quote(value, "", errors="surrogatepass")


def path_of(path: str):
    """The address, with something in place of what varies."""
    inside = st.one_of(
        st.sampled_from(["TY-0001", "YY26030001", "%00", "%ff%fe", ".."]),
        TEXT.map(escaped),
        st.text("0123456789", min_size=1, max_size=40),
    )
    return inside.map(lambda each: path.partition("{")[0] + (each or "x")) if "{" in path else st.just(path)


HEADERS = st.fixed_dictionaries(
    {"Authorization": st.sampled_from(KEYS)},
    optional={
        "Idempotency-Key": st.one_of(st.sampled_from(["one", "two", ""]), st.text(st.characters(max_codepoint=255), max_size=140)),
        "Origin": st.sampled_from(["https://www.example.cn", "null", "\xff", "https://evil.example"]),
        "If-None-Match": st.sampled_from(["*", '"', 'W/"a", "b"', "\xff"]),
        "If-Modified-Since": st.sampled_from(["x", "Mon, 02 Mar 2026 01:00:00 GMT", "Mon, 99 Xxx 0000 99:99:99 GMT", "-1"]),
        "Content-Length": st.sampled_from(["0", "70000", "x", "-5", ""]),
    },
)  # fmt: skip
TYPES = st.sampled_from(
    ["application/json"] * 6
    + ["application/json; charset=utf-16", "text/plain", "", "multipart/form-data; boundary=x", "\xff/\xff"]
)


@pytest.fixture
def bureau(monkeypatch):
    """Somebody to be found and asked for, a key of either kind; nobody is told to wait."""
    expert = make_expert(
        user=make_user(name="韩砚秋"), topics=["finance"], district="140105", public_fields=["district"]
    )
    make_hours(expert, 3, "14:00", "17:00")
    book = make_partner_key(text="ty_book")
    make_partner_key(text="ty_read", partner=book.partner, scope="read")
    monkeypatch.setattr(limits, "refused", lambda *_: None)


@pytest.mark.parametrize(("path", "method"), [pytest.param(*each, id=f"{each[1]} {each[0]}") for each in OPERATIONS])
def test_every_answer_is_one_that_is_described(bureau, path, method):
    operation = openapi.PATHS[path][method]
    takes = "requestBody" in operation or operation["parameters"]

    @settings(TASTE, max_examples=EXAMPLES if takes else 40)
    @given(path_of(path), queries(operation), bodies(operation), HEADERS, TYPES)
    def ask(inside, query, body, headers, kind):
        asked = f"{API.rstrip('/')}{inside}" + (f"?{query}" if query else "")
        more = {"data": body, "content_type": kind} if method == "post" else {}
        if "Content-Length" in headers:
            more["CONTENT_LENGTH"] = headers.pop("Content-Length")
        response = getattr(Browser(raise_request_exception=False), method)(asked, headers=headers, **more)
        assert response.status_code < 500, (asked, body, headers, response.content.decode())
        if "/" not in inside.removeprefix(path.partition("{")[0]) and ".." not in inside:
            check(response, method, f"{API.rstrip('/')}{path}")

    ask()


def test_the_search_gets_as_far_as_a_booking(bureau):
    """The control: what is nearly right is right often enough to be written."""
    operation = openapi.PATHS["/requests"]["post"]
    numbers = iter(range(10**6))

    @settings(TASTE, max_examples=60)
    @given(bodies(operation))
    def ask(body):
        headers = {"Authorization": "Bearer ty_book", "Idempotency-Key": f"{next(numbers)}"}
        with clock.at(clock.now()):
            Browser().post(f"{API}requests", body, content_type="application/json", headers=headers)

    ask()

    assert ServiceRequest.objects.exists()


def test_an_answer_of_500_would_be_found(bureau, monkeypatch):
    """The control: one that breaks down when a certain character comes is found out by the same search."""

    def broken(request, said, *_):
        raise RuntimeError

    monkeypatch.setattr("experts.views.api.public", broken)

    with pytest.raises(AssertionError):
        test_every_answer_is_one_that_is_described(bureau, "/experts", "get")
