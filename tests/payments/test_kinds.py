import pytest

from payments import rules
from services.models import Activity, Kind, Service

ALL = {
    "review",
    "consulting",
    "guidance",
    "pairing",
    "visit",
    "lecture",
    "salon",
    "training",
    "contest",
    "policy",
    "survey",
    "following",
    "technical",
    "other",
}


@pytest.mark.parametrize(
    ("service_kind", "given", "kind"),
    [
        ("consulting", {}, "consulting"),
        ("guidance", {}, "guidance"),
        ("technical", {}, "technical"),
        ("other", {}, "other"),
        ("activity", {}, "other"),  # asked for, but of no known form
        ("review", {}, "review"),
        ("review", {"seated": True}, "review"),
        ("consulting", {"seated": True}, "review"),
        ("consulting", {"mode": "visit"}, "visit"),
        ("guidance", {"mode": "visit"}, "visit"),
        ("technical", {"mode": "visit"}, "visit"),
        ("consulting", {"mode": "centre"}, "consulting"),
        ("consulting", {"mode": "phone"}, "consulting"),
        ("guidance", {"mode": "online"}, "guidance"),
        ("guidance", {"paired": True}, "pairing"),
        ("guidance", {"paired": True, "mode": "visit"}, "pairing"),
        ("activity", {"activity": "lecture"}, "lecture"),
        ("activity", {"activity": "salon"}, "salon"),
        ("activity", {"activity": "training"}, "training"),
        ("activity", {"activity": "contest"}, "contest"),
        ("activity", {"activity": "policy"}, "policy"),
        ("activity", {"activity": "survey"}, "survey"),
        ("activity", {"activity": "other"}, "other"),
        ("activity", {"activity": "lecture", "mode": "visit"}, "lecture"),
        ("guidance", {"activity": "salon", "paired": True}, "salon"),
        ("activity", {"activity": "contest", "seated": True}, "review"),
    ],
)
def test_13_what_a_service_is_priced_as(service_kind, given, kind):
    assert rules.kind_of(service_kind, **given) == kind


@pytest.mark.parametrize("activity", ["", *Activity.Kind.values])
@pytest.mark.parametrize("mode", Service.Mode.values)
@pytest.mark.parametrize("service_kind", Kind.values)
def test_13_every_service_is_of_some_kind(service_kind, mode, activity):
    assert rules.kind_of(service_kind, mode=mode, activity=activity) in ALL


@pytest.mark.parametrize(
    ("service_kind", "activity"), [("", ""), ("visit", ""), (None, ""), ("activity", "review"), ("activity", "party")]
)
def test_13_what_is_unknown_is_priced_as_nothing(service_kind, activity):
    with pytest.raises(ValueError, match="unknown kind"):
        rules.kind_of(service_kind, activity=activity)


@pytest.mark.parametrize("kind", sorted(ALL))
def test_13_teaching_is_taxed_apart_from_all_else(kind):
    expected = "lecturing" if kind in {"lecture", "training", "policy"} else "consulting"

    assert rules.income_of(kind) == expected


def test_13_an_unknown_kind_is_no_income():
    with pytest.raises(ValueError, match="unknown kind"):
        rules.income_of("party")


def test_13_one_circular_is_for_reviews_the_other_for_all_else():
    assert set(rules.SCOPES) == {"review", "guidance"}
    assert rules.SCOPES["review"] == ("review",)
    assert sorted(rules.SCOPES["guidance"]) == sorted(ALL - {"review"})
