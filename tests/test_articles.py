"""``manage.py articles`` answers where each provision is enforced."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).parents[1]
PROVISIONS = ["3", "4", *(f"5({n})" for n in range(1, 9)), *(f"6({n})" for n in range(1, 6)), "10", "11", "15"]
PROVISIONS += ["7", *(f"8({n})" for n in range(1, 7)), "9", "10(1)", "10(3)", "10(4)", "13", "14"]
PROVISIONS += ["10(2)", *(f"12({n})" for n in range(1, 7)), "12¶2"]


@pytest.fixture
def articles(capsys):
    """The lines that the command prints."""

    def run(*arguments):
        call_command("articles", *arguments)
        return capsys.readouterr().out.splitlines()

    return run


def numbers(lines):
    return [line.split()[0] for line in lines]


@pytest.mark.parametrize("provision", PROVISIONS)
def test_every_provision_of_selection_and_service_is_enforced_somewhere(articles, provision):
    assert provision in numbers(articles())


def test_each_line_leads_to_the_place(articles):
    for line in articles():
        number, place, name = re.fullmatch(r"(\S+) +(\S+)  (\w+)", line).groups()
        file, row = place.split(":")
        code = "\n".join((ROOT / file).read_text(encoding="utf8").splitlines()[int(row) - 1 : int(row) + 12])
        assert name in code
        assert number.split("(")[0] in code or "Guard" in code


def test_the_format_is_number_place_and_name(articles):
    assert any(
        re.fullmatch(r"6\(2\) {5}recruitment/rules/person\.py:\d+  experienced_enough", line) for line in articles("6")
    )


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("1", set()),
        ("11", {"11"}),
        ("5(2)", {"5(2)"}),
        ("6", {f"6({n})" for n in range(1, 6)}),
        ("99", set()),
    ],
)
def test_a_question_for_one_article_is_answered_for_it_alone(articles, asked, answered):
    assert set(numbers(articles(asked))) == answered


def test_the_order_is_that_of_the_measures(articles):
    listed = list(dict.fromkeys(numbers(articles())))

    def printed(number):
        """Items come before the paragraphs that follow them: 12(6), then 12¶2."""
        base, *part = [int(each) for each in re.findall(r"\d+", number)]
        return base, "¶" in number, part

    assert listed == sorted(listed, key=printed)


def test_guards_of_the_database_are_listed_too(articles):
    assert any("recruitment/guards.py" in line for line in articles("11"))
    assert any("art3_terms_never_overlap" in line for line in articles("3"))
