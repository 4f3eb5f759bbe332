"""Other sites: their keys, what these open and for whom, and where the directory may be shown in a frame."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import override_settings

from experts import actions
from experts.models import Partner, PartnerKey
from experts.models.partner import digest
from expertteam import clock, consents
from expertteam.regulation import Refused
from tests.conftest import person
from tests.make import make_expert, make_partner, make_partner_key, make_user, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
EXPERTS, EMBED, SITE = "/api/v1/experts", "/embed/experts/", "https://www.example.cn"
AUGUST = date(2026, 8, 31)


def with_key(http, text, **more):
    return http.get(EXPERTS, headers={"Authorization": f"Bearer {text}"}, **more).status_code


# Keys


def test_a_key_is_told_once_and_kept_as_its_digest(admin):
    key, text = actions.issue_key(make_partner(), by=admin, scope="read", last_day=AUGUST)

    assert re.fullmatch(r"ty_[\w-]{43}", text)
    assert (key.digest, key.hint, key.state) == (digest(text), text[:8], "active")
    assert text not in str(vars(key)) + str(list(key.history.values()))


def test_a_key_to_book_opens_nothing_until_another_person_has_confirmed_it(http, admin, inspector):
    key, text = actions.issue_key(make_partner(), by=admin, scope="book", last_day=AUGUST)

    assert with_key(http, text) == 401
    actions.confirm_key(key, by=inspector)
    assert with_key(http, text) == 200


def test_nobody_confirms_a_key_that_he_made(http):
    both = person("both", "admin", "inspector")
    key, _ = actions.issue_key(make_partner(), by=both, scope="book", last_day=AUGUST)

    with pytest.raises(Refused, match="不能再确认"):
        actions.confirm_key(key, by=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_partner_key(proposed_by=both, confirmed_by=both)
    make_partner_key(proposed_by=both, confirmed_by=both, scope="read")


@pytest.mark.parametrize(
    ("last_day", "allowed"),
    [
        (date(2026, 3, 1), False),
        (date(2026, 3, 2), True),
        (date(2027, 3, 2), True),
        (date(2027, 3, 3), False),
    ],
)
def test_a_key_lasts_a_year_at_the_most(admin, last_day, allowed):
    def issue():
        return actions.issue_key(make_partner(), by=admin, scope="read", last_day=last_day)

    if allowed:
        assert issue()[0].last_day == last_day
    else:
        with pytest.raises(Refused, match="最长一年"):
            issue()


def test_two_keys_live_side_by_side_and_a_third_takes_the_place_of_one(admin):
    partner = make_partner()
    first, _ = actions.issue_key(partner, by=admin, scope="read", last_day=AUGUST)
    actions.issue_key(partner, by=admin, scope="read", last_day=AUGUST)

    with pytest.raises(Refused, match="最多同时有2把"):
        actions.issue_key(partner, by=admin, scope="read", last_day=AUGUST)
    actions.revoke_key(first, by=admin)
    actions.issue_key(partner, by=admin, scope="read", last_day=AUGUST)
    actions.issue_key(partner, by=admin, scope="book", last_day=AUGUST)


@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "matcher", "inspector", "cashier", "auditor"])
def test_only_the_administrator_makes_keys(request, role):
    with pytest.raises(PermissionDenied):
        actions.issue_key(make_partner(), by=request.getfixturevalue(role), scope="read", last_day=AUGUST)


@pytest.mark.parametrize("field", ["digest", "scope", "last_day", "networks"])
def test_the_database_lets_nobody_change_what_a_key_opens(field):
    key = make_partner_key()
    other = {"digest": "0" * 64, "scope": "read", "last_day": AUGUST + timedelta(days=900), "networks": ["10.0.0.0/8"]}

    with pytest.raises(IntegrityError, match="art10_key_never_changes"), transaction.atomic():
        PartnerKey.objects.filter(pk=key.pk).update(**{field: other[field]})
    PartnerKey.objects.filter(pk=key.pk).update(last_used_at=clock.now())


# What a key opens


def revoked(key):
    actions.revoke_key(key, by=person("officer", "admin"))


def stopped(key):
    key.partner.active = False
    key.partner.save()


@pytest.mark.parametrize("end", [revoked, stopped])
def test_a_key_is_worth_nothing_from_the_moment_it_is_revoked(http, end):
    key = make_partner_key(text="ty_one")
    assert with_key(http, "ty_one") == 200

    end(key)

    assert with_key(http, "ty_one") == 401


def test_a_key_opens_on_its_last_day_and_no_more_on_the_next(http):
    make_partner_key(text="ty_one", last_day=date(2026, 3, 5))

    with clock.at(clock.instant(date(2026, 3, 5), 23, 59)):
        assert with_key(http, "ty_one") == 200
    with clock.at(clock.instant(date(2026, 3, 6))):
        assert with_key(http, "ty_one") == 401


@pytest.mark.parametrize(
    ("address", "status"), [("203.0.113.7", 200), ("203.0.113.8", 401), ("2001:db8::1", 200), ("nonsense", 401)]
)
def test_a_key_may_be_bound_to_addresses(http, address, status):
    make_partner_key(text="ty_one", networks=["203.0.113.7/32", "2001:db8::/64"])

    assert with_key(http, "ty_one", REMOTE_ADDR=address) == status


@pytest.mark.parametrize(
    "shown", ["Bearer", "Bearer ", "Basic abc", "Bearer nothing", "ty_one", "Bearer \xff\xfe", "Bearer a b"]
)
def test_a_key_that_there_is_not_is_refused_in_words(http, shown):
    make_partner_key(text="ty_one")

    response = http.get(EXPERTS, headers={"Authorization": shown})

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert response["Content-Type"] == "application/problem+json"


def test_its_last_use_is_noted_to_the_minute(http):
    key = make_partner_key(text="ty_one")
    for minute in (0, 0, 3):
        with clock.at(clock.instant(date(2026, 3, 3), 9, minute)):
            with_key(http, "ty_one")

    key.refresh_from_db()
    assert (key.last_used_at, key.history.count()) == (clock.instant(date(2026, 3, 3), 9, 3), 1)


# How often


def test_without_a_key_a_network_has_sixty_a_minute_and_a_key_is_counted_by_itself(http):
    make_partner_key(text="ty_one")

    statuses = [http.get("/api/v1/openapi.json").status_code for _ in range(61)]

    assert (statuses[:60], statuses[60]) == ([200] * 60, 429)
    assert with_key(http, "ty_one") == 200


def test_whoever_tries_keys_out_is_soon_let_in_no_more(http):
    statuses = [with_key(http, f"ty_{n}") for n in range(21)]

    assert (statuses[:20], statuses[20]) == ([401] * 20, 429)


def test_a_program_that_does_not_use_https_is_refused_and_not_sent_there(http, settings):
    settings.SECURE = settings.SECURE_SSL_REDIRECT = True

    assert http.get(EXPERTS).status_code == 403
    assert http.get(EXPERTS, secure=True).status_code == 200
    assert http.get("/experts/").status_code == 301


# Scripts and frames of other sites


@pytest.mark.parametrize(
    ("origin", "shared"),
    [
        (SITE, SITE),
        ("https://evil.example", None),
        ("http://www.example.cn", None),
        ("null", None),
        ("https://www.example.cn.evil.example", None),
    ],
)
def test_scripts_of_the_partners_own_sites_may_read(http, origin, shared):
    make_partner()

    response = http.get(EXPERTS, headers={"Origin": origin})

    assert response.get("Access-Control-Allow-Origin") == shared
    assert "Origin" in response["Vary"]
    assert "Access-Control-Allow-Credentials" not in response


def test_a_script_may_ask_beforehand_and_may_only_read(http):
    make_partner()

    response = http.options(EXPERTS, headers={"Origin": SITE, "Access-Control-Request-Method": "GET"})

    assert (response.status_code, response["Access-Control-Allow-Methods"]) == (204, "GET")


def test_the_directory_in_a_frame_is_for_the_sites_of_active_partners(http):
    stopped(make_partner_key(partner=make_partner(origins=["https://old.example.cn"])))
    make_partner()

    response = http.get(EMBED)

    assert f"frame-ancestors {SITE};" in response["Content-Security-Policy"] + ";"
    assert "X-Frame-Options" not in response
    assert "script-src 'self'" in response["Content-Security-Policy"]


def test_without_partners_nobody_may_frame_it_and_all_else_is_never_framed(http):
    assert "frame-ancestors 'none'" in http.get(EMBED)["Content-Security-Policy"]
    make_partner()
    page = http.get("/experts/")
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


def test_the_frame_has_no_script_no_cookie_and_leads_to_our_own_pages_in_a_new_window(http):
    expert = make_expert(user=make_user(name="韩砚秋"), topics=["finance"])

    response = http.get(EMBED)
    page = response.content.decode()

    assert not response.cookies
    assert ("<script" in page, "<form" in page) == (False, False)
    assert f'href="/experts/{expert.no}/" target="_blank" rel="noopener"' in page
    assert "韩砚秋" in page
    assert "韩砚秋" not in http.get(f"{EMBED}?topic=risk").content.decode()


def test_whoever_left_is_gone_from_the_frame_at_once(http):
    expert = make_expert(user=make_user(name="韩砚秋"))
    response = http.get(EMBED)
    assert "韩砚秋" in response.content.decode()
    assert "max-age=0" in response["Cache-Control"]

    consents.withdraw(expert.user, "public_directory")

    assert http.get(EMBED, headers={"If-None-Match": response["ETag"]}).status_code == 200
    assert "韩砚秋" not in http.get(EMBED).content.decode()


def test_a_term_that_ends_by_itself_ends_in_the_frame_too(http):
    make_expert(user=make_user(name="韩砚秋"))

    with clock.at(clock.instant(date(2029, 2, 28), 23, 59)):
        assert "韩砚秋" in http.get(EMBED).content.decode()
    with clock.at(clock.instant(date(2029, 3, 1))):
        assert "韩砚秋" not in http.get(EMBED).content.decode()


# The office


def test_a_partner_is_entered_in_the_records(http, admin):
    sign_in(http, admin)
    entry = {
        "name": "太原人社网",
        "contact": "",
        "origins": "WWW.Example.cn\nhttps://b.example.cn:8443/",
        "active": "on",
    }

    http.post("/admin/experts/partner/add/", entry)

    assert Partner.objects.get().origins == [SITE, "https://b.example.cn:8443"]


@pytest.mark.parametrize(
    "origin",
    [
        "*.example.cn",
        "http://www.example.cn",
        "https://a.cn/path",
        "localhost",
        "a b.cn",
        "'none'",
        "https://a.cn; script-src *",
    ],
)
def test_what_is_no_site_is_not_taken(http, admin, origin):
    sign_in(http, admin)

    response = http.post("/admin/experts/partner/add/", {"name": "某网", "origins": origin, "active": "on"})

    assert response.status_code == 200
    assert not Partner.objects.exists()


def test_the_page_after_making_a_key_is_the_only_one_that_shows_it(http, admin):
    partner = make_partner()
    sign_in(http, admin)

    made = http.post(
        f"/admin/partners/{partner.pk}/issue/", {"scope": "book", "last_day": "2026-08-31", "networks": "203.0.113.7"}
    )
    text = re.search(r"ty_[\w-]{43}", made.content.decode())[0]

    assert "no-store" in made["Cache-Control"]
    key = PartnerKey.objects.get()
    assert (key.digest, key.networks) == (digest(text), ["203.0.113.7/32"])
    page = http.get(partner.get_absolute_url()).content.decode()
    assert (text in page, text[:8] in page) == (False, True)


@pytest.mark.parametrize("wrong", [{"last_day": "2028-01-01"}, {"networks": "one"}, {"scope": "all"}, {"last_day": ""}])
def test_what_is_typed_wrongly_comes_back_and_makes_no_key(http, admin, wrong):
    sign_in(http, admin)

    entry = {"scope": "read", "last_day": "2026-08-31", "networks": "203.0.113.7"} | wrong
    response = http.post(f"/admin/partners/{make_partner().pk}/issue/", entry)

    assert response.status_code == 422
    assert not PartnerKey.objects.exists()


def test_the_inspector_finds_the_key_among_what_waits_and_confirms_it(http, admin, inspector):
    key, _ = actions.issue_key(make_partner(), by=admin, scope="book", last_day=AUGUST)
    sign_in(http, inspector)

    assert "确认接口密钥" in http.get("/admin/").content.decode()
    http.post(f"/admin/partners/keys/{key.pk}/confirm_key/")

    key.refresh_from_db()
    assert (key.state, key.confirmed_by) == ("active", inspector)
    assert "确认接口密钥" not in http.get("/admin/").content.decode()


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("inspector", 200), ("intake", 404), ("cashier", 404)])
def test_partners_are_for_those_who_keep_and_confirm_them(request, http, role, status):
    key = make_partner_key()
    sign_in(http, request.getfixturevalue(role))

    assert http.get(key.get_absolute_url()).status_code == status
    assert http.get(f"/admin/partners/keys/{key.pk}/").status_code == (302 if status == 200 else 404)
    assert http.get(f"/admin/partners/{key.partner.pk}/issue/").status_code == (200 if role == "admin" else 403)


@override_settings(SITE_URL="https://zjt.example.cn")
def test_the_guide_shows_how_it_is_put_into_a_frame(http):
    assert "&lt;iframe src=&quot;https://zjt.example.cn/embed/experts/" in http.get("/api/").content.decode().replace(
        '"', "&quot;"
    )
