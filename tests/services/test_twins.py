"""Whatever everybody may do on the web, a clerk may do for a caller: every door is walked (Article 10(3))."""

import pytest
from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import get_resolver, reverse

from expertteam.workflow import LINK
from services import actions, callers
from services.forms import booking as public
from services.forms import my, phone
from services.models import ServiceRequest
from services.twins import ANSWERED, CHANNEL_ONLY, CLERK_ONLY, OWN, TWINS
from tests.make import (
    make_expert,
    make_hours,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("today")
PHONE = "13512345678"


def doors(*namespaces):
    """Every pattern of these apps: its name and its view."""

    def walk(patterns):
        for entry in patterns:
            if hasattr(entry, "url_patterns"):
                yield from walk(entry.url_patterns)
            elif entry.name:
                yield entry

    for namespace in namespaces:
        prefix, resolver = get_resolver().namespace_dict[namespace]
        for entry in walk(resolver.url_patterns):
            yield f"{namespace}:{entry.name}", entry


def filled(name, entry) -> str:
    """An address behind this door; no record is there."""
    converters = get_resolver().namespace_dict[name.partition(":")[0]][1].reverse_dict.getlist(entry.name)[0][3]
    return reverse(
        name, kwargs={key: 1 if type(kind).__name__ == "IntConverter" else "x" for key, kind in converters.items()}
    )


def is_public_act(http, name, entry) -> bool:
    """Whether somebody who has not signed in, and shows no key, can post there."""
    view = getattr(entry.callback, "view_class", None)
    if view is not None and (not hasattr(view, "post") or issubclass(view, LoginRequiredMixin)):
        return False
    response = http.post(filled(name, entry))
    return response.status_code not in (401, 405) and "login" not in response.get("Location", "")


def form_of(name):
    """The form behind a door, None where there is only a button."""
    if name == "services:confirm":  # of its two forms the one that asks for words
        return my.QueryForm
    entry = next(entry for found, entry in doors(name.partition(":")[0]) if found == name)
    return entry.callback.view_initkwargs.get("form_class") or getattr(entry.callback.view_class, "form_class", None)


def test_every_public_act_has_its_twin_at_the_desk(db, http):
    acts = {name for name, entry in doors("services", "evaluations") if is_public_act(http, name, entry)}

    assert acts == set(TWINS) | set(OWN)


def test_a_door_that_is_walked_by_nobody_would_be_noticed(db, http):
    seen = {name for name, _ in doors("services", "evaluations")}

    assert len(seen) > 60
    assert {"services:book", "services:confirm", "services:cancel_sign_up", "evaluations:rate"} <= seen


@pytest.mark.parametrize("twin", sorted({twin for twins in TWINS.values() for twin in twins}))
def test_a_twin_is_a_page_of_the_office(twin, db, http):
    entry = next(entry for name, entry in doors(twin.partition(":")[0]) if name == twin)

    response = http.post(filled(twin, entry))

    assert (response.status_code, "login" in response.url) == (302, True)


@pytest.mark.parametrize("name", sorted(TWINS))
def test_a_twin_asks_the_same(name):
    asked = fields_of([name]) - CHANNEL_ONLY - ANSWERED.get(name, set())
    heard = fields_of(TWINS[name]) - CHANNEL_ONLY

    assert asked - heard == set()
    assert heard - asked <= CLERK_ONLY


def fields_of(names) -> set[str]:
    return {field for name in names if (form := form_of(name)) for field in form.base_fields}


@pytest.mark.parametrize("name", sorted(TWINS))
def test_a_twin_asks_it_in_the_same_way(name):
    """What has to be filled in and how long it may be; a time is chosen from the list in both."""
    limits = {key: limits_of(field) for key, field in all_fields([name]).items()}
    heard = {key: limits_of(field) for key, field in all_fields(TWINS[name]).items() if key in limits and key != "slot"}

    assert heard == {key: limits[key] for key in heard}


def all_fields(names) -> dict:
    return {key: field for name in names if (form := form_of(name)) for key, field in form.base_fields.items()}


def limits_of(field):
    return [getattr(field, name, None) for name in ("required", "max_length", "min_length", "max_value", "min_value")]


@pytest.mark.parametrize(
    "fault",
    [
        {"topics": []},
        {"topics": ["cooking"]},
        {"question": "短"},
        {"question": "长" * 301},
        {"phone": "1351234567"},
        {"name": ""},
        {"place": "visit"},
        {"place": "visit", "group": "veteran", "district": "140106"},
        {"place": "moon"},
        {"enterprise_code": "9114"},
        {"agree": ""},
    ],
)
def test_both_refuse_the_same_faults_in_the_same_words(fault, db):
    said = {
        "topics": ["finance"], "question": "担保贷款和合伙出资怎么搭配？", "place": "centre", "name": "刘小满", "phone": PHONE,
        "agree": "on",
    } | fault  # fmt: skip

    web = public.BookingForm(said, wanted=None)
    desk = phone.AskForm(said | {"channel": "phone", "relation": "self"}, wanted=None)

    assert web.errors
    assert without_agreement(desk.errors) == without_agreement(web.errors)


def without_agreement(errors):
    """The tick is another one: to have read it, or to have read it out."""
    return {name: "" if name == "agree" else words for name, words in errors.items()}


@pytest.mark.parametrize(
    "fault", [{}, {"claimed_minutes": "721"}, {"claimed_minutes": "-1"}, {"client_note": "长" * 301}]
)
def test_a_query_is_refused_alike(fault, db):
    assert phone.QueryForm(fault, record=None).errors == my.QueryForm(fault).errors


@pytest.fixture
def expert(db):
    expert = make_expert()
    make_hours(expert, 3, "14:00", "15:00")
    make_hours(expert, 4, "14:00", "15:00")
    return expert


def said_about(request):
    """What both ways leave on record, the channel left aside."""
    fields = (
        "state", "relation", "asked_by", "name", "phone", "group", "topics", "question", "place", "wanted_id", "wishes",
        "starts_at", "minutes", "answer_due",
    )  # fmt: skip
    return [getattr(request, field) for field in fields]


def test_a_request_is_the_same_whichever_way_it_came(expert, intake, http):
    typed = {
        "topics": ["finance"], "question": "担保贷款和合伙出资怎么搭配？", "place": "centre", "name": "刘小满", "phone": PHONE,
        "group": "veteran", "agree": "on", "expert": expert.no,
    }  # fmt: skip
    http.post(reverse("services:book"), typed | {"slot": "202603051400", "key": "web"})
    web = said_about(ServiceRequest.objects.get())
    actions.cancel(ServiceRequest.objects.get(), by=LINK)
    sign_in(http, intake)

    http.post(
        reverse("services:phone_ask", args=[callers.seal(PHONE)]),
        typed | {"slot": "202603051400", "key": "desk", "channel": "phone", "relation": "self"},
    )

    assert said_about(ServiceRequest.objects.latest("pk")) == web
