"""The directory for programs of other sites (Article 10)."""

import json
from datetime import date

import jsonschema
import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from experts import directory, openapi
from experts.changes import begin_anew, rows
from experts.models import DirectoryEntry
from expertteam import clock, consents, regulation
from expertteam.models import Counter
from tests.experts.described import CHECK, check
from tests.make import make_expert, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
EXPERTS, CHANGES = "/api/v1/experts", "/api/v1/experts/changes"


def ask(http, path, **headers):
    """The content of an answer that is as described."""
    return check(http.get(path, headers=headers), "get", path)


def named(name, **fields):
    return make_expert(user=make_user(name=name), **fields)


def names(http, query=""):
    return [each["name"] for each in ask(http, f"{EXPERTS}?{query}")["experts"]]


def gone(said):
    return [(each["no"], each["gone"]) for each in said["changes"]]


@pytest.fixture
def han():
    return named(
        "韩砚秋", topics=["finance"], title="高级会计师", employer="太原某事务所", position="合伙人", biography="做过三年审计。",
        line="帮小店看懂账", district="140105", public_fields=["title", "district"],
    )  # fmt: skip


# What is told of somebody


def test_only_what_the_expert_shows_is_told(http, han):
    said = ask(http, f"{EXPERTS}/{han.no}")

    assert (said["name"], said["title"], said["district"]["name"]) == ("韩砚秋", "高级会计师", "小店区")
    assert (said["employer"], said["position"], said["biography"]) == (None, None, None)
    assert said["term"] == {
        "certificate": han.appointments.get().number,
        "first_day": "2026-03-01",
        "last_day": "2029-02-28",
    }
    assert said["booking_url"].endswith(f"/book/?expert={han.no}")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["韩砚秋", "武振川"]),
        ("topic=finance", ["韩砚秋"]),
        ("topic=finance&topic=risk", ["韩砚秋", "武振川"]),
        ("kind=1", ["武振川"]),
        ("area=140105", ["韩砚秋"]),
        ("visit=1", ["武振川"]),
        ("q=砚秋", ["韩砚秋"]),
        ("topic=policy", []),
    ],
)
def test_the_list_has_the_filters_of_the_page(http, han, query, expected):
    named("武振川", topics=["risk"], category=1, visits=True)

    assert names(http, query) == expected


@pytest.mark.parametrize(
    "query",
    [
        "topic=cooking",
        "area=1",
        "kind=9",
        "visit=0",
        "limit=0",
        "limit=101",
        "limit=x",
        "limit=²",
        "cursor=abc",
        "page=2",
    ]
    + [f"q={'长' * 51}", "since=x", "limit=" + "9" * 5000],
)
def test_what_is_asked_wrongly_is_a_problem_that_names_it(http, han, query):
    said = ask(http, f"{EXPERTS}?{query}")

    assert (said["status"], list(said["errors"])) == (400, [query.partition("=")[0]])


def test_a_cursor_goes_on_where_the_page_ended_whoever_leaves_meanwhile(http):
    people = [named(name) for name in ("甲一", "乙二", "丙三", "丁四")]
    first = ask(http, f"{EXPERTS}?limit=2")
    consents.withdraw(people[0].user, "public_directory")

    rest = ask(http, f"{EXPERTS}?limit=2&cursor={first['next']}")

    assert [each["name"] for each in first["experts"] + rest["experts"]] == ["甲一", "乙二", "丙三", "丁四"]
    assert rest["next"] is None


def test_who_is_not_shown_any_more_is_gone_and_who_never_was_is_not_found(http, han):
    consents.withdraw(han.user, "public_directory")

    assert [ask(http, f"{EXPERTS}/{no}")["status"] for no in (han.no, "TY-9999", "x" * 300)] == [410, 404, 404]


@pytest.mark.parametrize("path", [EXPERTS, CHANGES, "/api/v1/openapi.json"])
def test_what_has_not_changed_is_not_sent_again(http, han, path):
    first = http.get(path)

    with clock.at(date(2026, 3, 5)):
        again = http.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    han.line = "换一句"
    han.save()
    status = http.get(path, headers={"If-None-Match": first["ETag"]}).status_code
    assert status == (304 if "openapi" in path else 200)


def test_last_modified_is_told_once_its_second_is_over(http, han):
    assert "Last-Modified" not in http.get(EXPERTS)

    with clock.at(date(2026, 3, 3)):
        told = http.get(EXPERTS)["Last-Modified"]
        assert told == "Mon, 02 Mar 2026 01:00:00 GMT"
        assert http.get(EXPERTS, headers={"If-Modified-Since": told}).status_code == 304
        assert "Last-Modified" not in http.get(f"{EXPERTS}?when=weekend")


# Changes


def test_a_copy_begins_with_everybody_and_then_hears_of_changes_only(http, han):
    start = ask(http, CHANGES)
    wu = named("武振川")

    later = ask(http, f"{CHANGES}?since={start['next']}")

    assert (gone(start), gone(later)) == ([(han.no, False)], [(wu.no, False)])
    assert ask(http, f"{CHANGES}?since={later['next']}") == {"changes": [], "next": later["next"], "more": False}


def leave_by_time(expert):
    return clock.at(date(2029, 3, 1))


def leave_by_consent(expert):
    consents.withdraw(expert.user, "public_directory")


@pytest.mark.parametrize("leave", [leave_by_time, leave_by_consent])
def test_whoever_leaves_is_told_gone(http, han, leave):
    start = ask(http, CHANGES)["next"]
    with leave(han) or clock.at(clock.now()):
        assert gone(ask(http, f"{CHANGES}?since={start}")) == [(han.no, True)]
        assert ask(http, EXPERTS)["experts"] == []


def test_the_last_day_of_a_term_is_still_in_the_directory(http, han):
    start = ask(http, CHANGES)["next"]

    with clock.at(clock.instant(date(2029, 2, 28), 23, 59)):
        assert ask(http, f"{CHANGES}?since={start}")["changes"] == []
    with clock.at(clock.instant(date(2029, 3, 1))):
        assert gone(ask(http, f"{CHANGES}?since={start}")) == [(han.no, True)]


def test_a_number_that_was_replaced_is_gone_and_the_new_one_is_there(http, han):
    start, old = ask(http, CHANGES)["next"], han.no
    han.no = "TY-7001"
    han.save()

    assert sorted(gone(ask(http, f"{CHANGES}?since={start}"))) == sorted([(old, True), ("TY-7001", False)])


def test_whoever_comes_back_is_told_again(http, han):
    consents.withdraw(han.user, "public_directory")
    start = ask(http, CHANGES)["next"]
    consents.sign(han.user, "public_directory")

    assert gone(ask(http, f"{CHANGES}?since={start}")) == [(han.no, False)]


def test_a_page_that_is_full_says_so_and_nothing_falls_between_two(http):
    people = [named(name).no for name in ("甲一", "乙二", "丙三")]
    first = ask(http, f"{CHANGES}?limit=2")
    rest = ask(http, f"{CHANGES}?limit=2&since={first['next']}")

    assert (first["more"], rest["more"]) == (True, False)
    assert [each["no"] for each in first["changes"] + rest["changes"]] == people


def test_who_left_since_the_last_comparison_is_not_told_as_present(http, han):
    """The entry still says that he is there; his facts are read anew, and there are none."""
    ask(http, CHANGES)
    consents.withdraw(han.user, "public_directory")
    entry = DirectoryEntry.objects.get(no=han.no)

    assert rows([entry]) == [{"no": han.no, "gone": True, "expert": None}]


@pytest.mark.parametrize("cursor", ["abc", "%F0%9F%90%BC", "A" * 5000, "%ED%A0%80"])
def test_a_cursor_that_we_never_gave_out_is_refused(http, han, cursor):
    assert ask(http, f"{CHANGES}?since={cursor}")["errors"] == {"since": "游标无效，请不带游标从头取一遍"}


def test_a_cursor_from_after_a_restored_backup_is_refused(http, han):
    ahead = ask(http, CHANGES)["next"]
    Counter.objects.filter(key="directory").update(value=0)
    assert ask(http, f"{CHANGES}?since={ahead}")["status"] == 400


def test_a_cursor_from_before_a_restore_is_refused_however_far_the_changes_have_come(http, han):
    """An older backup gives its places out anew: at the same place stands something else."""
    old = ask(http, CHANGES)["next"]
    assert ask(http, f"{CHANGES}?since={old}")["changes"] == []

    begin_anew()
    named("武振川")

    assert ask(http, f"{CHANGES}?since={old}")["status"] == 400
    anew = ask(http, CHANGES)
    assert len(anew["changes"]) == 2
    assert ask(http, f"{CHANGES}?since={anew['next']}")["changes"] == []
    begin_anew()
    assert ask(http, f"{CHANGES}?since={anew['next']}")["status"] == 400


def test_the_cursor_of_a_list_is_none_of_changes(http):
    for name in ("甲一", "乙二"):
        named(name)
    cursor = ask(http, f"{EXPERTS}?limit=1")["next"]

    assert ask(http, f"{CHANGES}?since={cursor}")["status"] == 400


def test_no_internal_number_is_told(http, han):
    text = http.get(EXPERTS).content.decode() + http.get(CHANGES).content.decode()

    assert '"id"' not in text
    assert str(han.user.username) not in text


@pytest.mark.parametrize("path", [EXPERTS, CHANGES])
def test_queries_do_not_grow_with_the_directory(http, han, path):
    def queries():
        caches["pages"].clear()
        directory.roll.cache_clear()
        with CaptureQueriesContext(connection) as asked:
            assert http.get(path).status_code == 200
        return len(asked)

    queries()
    named("武振川")
    few = queries()
    for number in range(6):
        named(f"另一位{number}")

    assert queries() == few <= 30


# The description


def test_the_description_is_openapi_and_every_reference_leads_somewhere(http):
    said = ask(http, "/api/v1/openapi.json")

    assert said["openapi"] == "3.1.0"
    for name, schema in openapi.SCHEMAS.items():
        CHECK.check_schema(schema)
        assert f"#/components/schemas/{name}" in json.dumps(said) + "#/components/schemas/Problem"
    with pytest.raises(jsonschema.ValidationError):  # the check can fail
        CHECK(openapi.SCHEMAS["Problem"]).validate({"status": "400"})


def test_every_address_of_the_api_is_described(http):
    ids = [said["operationId"] for methods in openapi.PATHS.values() for said in methods.values()]

    assert len(ids) == len(set(ids))
    page = http.get("/api/").content.decode()
    assert all(f'id="{each}"' in page for each in ids)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_another_method_is_refused_with_those_that_there_are(http, method):
    response = getattr(http, method)(EXPERTS)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response["Content-Type"] == "application/problem+json"


def test_an_address_that_there_is_not_is_a_problem_as_well(http):
    response = http.get("/api/v1/nothing")

    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert http.get("/api/v1/experts/%00").status_code == 400


def test_article_10_is_enforced_where_it_is_told():
    assert any(each.__module__ == "experts.changes" for each in regulation.ENFORCED["10"])
