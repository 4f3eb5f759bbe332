from datetime import date

import pytest

from experts import certificates
from tests.make import make_appointment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("并创专〔2026〕001号", "并创专〔2026〕001号"),
        ("并创专[2026]001号", "并创专〔2026〕001号"),
        ("并创专【2026】001号", "并创专〔2026〕001号"),
        ("并创专（2026）001", "并创专〔2026〕001号"),
        ("并创专(2026)第1号", "并创专〔2026〕001号"),
        ("　并创专 〔２０２６〕 ００１ 号 ", "并创专〔2026〕001号"),
        ("并创专 2026-001", "并创专〔2026〕001号"),
        ("并创专—2026—001", "并创专〔2026〕001号"),
        ("并 创 专 2 0 2 6 0 0 1", "并创专〔2026〕001号"),
        ("2026 17", "并创专〔2026〕017号"),
        ("第2026-1234号", "并创专〔2026〕1234号"),
        ("旧字〔2025〕003号", "旧字〔2025〕003号"),
        ("", ""),
        ("韩砚秋", ""),
        ("2026", ""),
        ("并创专〔2026〕号", ""),
        ("9" * 40, ""),
        ("' OR 1=1 --", ""),
    ],
)
def test_a_number_is_understood_however_it_is_written(text, expected):
    assert certificates.canonical(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("韩砚秋", "韩某"),
        ("李䶮", "李某"),
        ("欧阳明月", "欧阳某"),
        ("司马青", "司马某"),
        ("欧阳", "欧某"),  # of two characters the first is the surname
        ("阿卜杜热合曼·买买提依明", "阿某"),
        ("Zoë Müller", "Z某"),
        ("韩", "韩某"),
    ],
)
def test_a_masked_name_is_the_surname_alone(name, expected):
    assert certificates.masked(name) == expected


def test_the_facts_of_a_certificate(db, settings):
    settings.SITE_URL = "https://portal.example"
    term = make_appointment(name="韩砚秋", category=2)

    facts = certificates.facts(term)

    assert (facts.name, facts.number, facts.basis) == ("韩砚秋", "并创专〔2026〕001号", "并人社发〔2020〕30号")
    assert (facts.first_day, facts.last_day, facts.issued_on) == (
        date(2026, 3, 1),
        date(2029, 2, 28),
        date(2026, 2, 27),
    )
    assert facts.verify_url == f"https://portal.example/verify/{term.token}/"


def test_the_number_an_appointment_gets_is_the_number_a_stranger_finds(db):
    assert certificates.canonical(make_appointment().number) == "并创专〔2026〕001号"
