import pytest

from expertteam.regulation import provision
from recruitment import categories
from recruitment.categories import CATEGORIES, evidence_for, missing_evidence

COMMON = ["id_document", "photo", "degree", "success_case", "credit_report"]


def codes(evidence):
    return [each.code for each in evidence]


@pytest.mark.parametrize(
    ("category", "profession", "expected"),
    [
        (1, "", ["business_licence", "founder_proof", "award_certificate"]),
        (2, "", []),
        (2, "manager", ["post_contract"]),
        (2, "law", ["title_certificate", "practising_licence"]),
        (2, "other", ["title_certificate", "practising_licence"]),
        (3, "", ["title_certificate", "unit_letter"]),
        (4, "", ["unit_letter", "finance_certificate"]),
        (5, "", ["recommendation_letter", "service_statement"]),
        (6, "", ["trainer_certificate", "class_records"]),
        (7, "", ["carrier_recognition", "post_proof"]),
        (8, "", ["recommendation_letter", "contribution_dossier"]),
    ],
)
def test_each_category_asks_its_own_evidence(category, profession, expected):
    assert codes(evidence_for(category, profession)) == COMMON + expected


@pytest.mark.parametrize(
    ("category", "profession", "received", "expected"),
    [
        (4, "", [], ["id_document", "photo", "degree", "success_case", "unit_letter"]),
        (4, "", COMMON, ["unit_letter"]),
        (4, "", [*COMMON, "unit_letter"], []),
        (1, "", COMMON, ["business_licence", "founder_proof"]),
        (1, "", [*COMMON, "award_certificate"], []),
        (2, "law", COMMON, ["title_certificate"]),
        (2, "law", [*COMMON, "practising_licence"], []),
        (2, "manager", [*COMMON, "practising_licence"], ["post_contract"]),
    ],
)
def test_what_is_missing_is_required_and_not_dispensable(category, profession, received, expected):
    assert codes(missing_evidence(category, profession, received)) == expected


def test_the_eight_categories_are_the_items_of_article_5():
    assert [each.article for each in CATEGORIES.values()] == [f"5({number})" for number in range(1, 9)]
    assert all(provision(f"a5-{number}") for number in CATEGORIES)


@pytest.mark.parametrize("category", CATEGORIES.values(), ids=lambda category: category.article)
def test_evidence_names_only_what_exists(category):
    listed = set(codes(category.evidence))

    assert {each.unless for each in category.evidence} - {""} <= listed
    assert {profession for each in category.evidence for profession in each.of} <= set(categories.PROFESSIONS)


def test_a_document_of_one_code_has_one_kind_of_words_in_a_list():
    for category in CATEGORIES:
        asked = codes(evidence_for(category, "law"))

        assert len(asked) == len(set(asked))
