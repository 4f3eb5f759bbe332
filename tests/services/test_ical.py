"""Calendar files as RFC 5545 wants them."""

from datetime import date, timedelta

import pytest

from expertteam import clock
from services import ical

AT = clock.instant(date(2026, 10, 22), 14)
EVENT = ical.Event("engagement-7", AT, AT + timedelta(hours=1), "指导", "市创就业服务中心2号洽谈室")
pytestmark = pytest.mark.usefixtures("today")


def read(file):
    """Property and value of each line, unfolded."""
    return [tuple(line.split(":", 1)) for line in file.decode().replace("\r\n ", "").split("\r\n")[:-1]]


def test_a_calendar_with_one_event(settings):
    settings.SITE_URL = "https://zjt.example.gov.cn"

    assert read(ical.calendar_file([EVENT])) == [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//zjt.example.gov.cn//expertteam//ZH"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
        ("BEGIN", "VEVENT"),
        ("UID", "engagement-7@zjt.example.gov.cn"),
        ("DTSTAMP", "20260302T010000Z"),
        ("DTSTART", "20261022T060000Z"),
        ("DTEND", "20261022T070000Z"),
        ("SUMMARY", "指导"),
        ("LOCATION", "市创就业服务中心2号洽谈室"),
        ("END", "VEVENT"),
        ("END", "VCALENDAR"),
    ]


def test_a_calendar_without_events_is_one_still():
    names = [name for name, _ in read(ical.calendar_file([], "我的日程"))]

    assert names[0] == "BEGIN"
    assert "X-WR-CALNAME" in names
    assert "VEVENT" not in ical.calendar_file([]).decode()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("茶, 点心; 免费", "茶\\, 点心\\; 免费"),
        ("一楼\\东", "一楼\\\\东"),
        ("一行\r\n二行\n三行", "一行\\n二行\\n三行"),
        ("BEGIN:VEVENT\r\nUID:x", "BEGIN:VEVENT\\nUID:x"),
    ],
)
def test_what_is_written_cannot_break_out_of_its_line(text, written):
    found = dict(read(ical.calendar_file([EVENT._replace(description=text)])))

    assert found["DESCRIPTION"] == written


@pytest.mark.parametrize("text", ["长" * 200, "a" * 200, "ab长" * 60, "😀" * 50, "长" * 20 + "a" * 75])
def test_lines_are_folded_at_75_bytes_and_no_character_is_torn(text):
    file = ical.calendar_file([EVENT._replace(summary=text)])

    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert dict(read(file))["SUMMARY"] == text
    assert b"\n" not in file.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("length", "folded"), [(75, "a" * 75), (76, "a" * 75 + "\r\n a"), (150, "a" * 75 + "\r\n " + "a" * 74 + "\r\n a")]
)
def test_a_line_is_folded_only_where_it_is_too_long(length, folded):
    assert ical.fold("a" * length) == folded


def test_the_file_is_handed_over_as_a_calendar():
    response = ical.response([EVENT], "yy26100042.ics")

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="yy26100042.ics"'
