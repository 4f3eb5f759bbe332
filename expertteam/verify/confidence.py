"""No number of a person and no word told in confidence lies in clear (Article 4)."""

import re
from collections.abc import Iterator

from expertteam.verify.invariant import Invariant
from expertteam.verify.rows import CIPHER, ask, clear, historical, schema

SEALED = {  # what is encrypted, and so in the history of the same table
    "expertteam_user": "phone id_number",
    "expertteam_notification": "address body",
    "expertteam_accountchange": "former phone",
    "expertteam_submission": "answer",
    "expertteam_listexport": "filters",
    "experts_disclosure": "name code detail",
    "services_servicerequest": "asked_by name phone question address",
    "services_activityrole": "reason",
    "services_signup": "name phone",
    "services_recusal": "reason",
    "services_party": "name phone",
    "services_draw": "group_salt",
    "services_drawparty": "phone",
    "services_poolentry": "salt employer words",
    "services_offer": "reason",
    "services_service": "summary advice name phone client_note",
    "services_pairing": "goals reason outcome",
    "services_pairingmember": "name phone",
    "services_seat": "reason objection objection_answer",
    "services_recusalrequest": "reason",
    "evaluations_assessment": "plea decision",
    "evaluations_rating": "text",
    "evaluations_ratingcase": "flag_report call_note points statement reasons follow_up_text",
    "evaluations_report": "facts name phone question statement report answer",
    "evaluations_refusal": "what statement reasons",
    "evaluations_strike": "appeal_words answer",
    "evaluations_talk": "note",
    "evaluations_dismissal": "clue drop_reason facts reasons hearing_record opinion decision",
    "evaluations_merit": "evidence",
    "evaluations_plea": "words answer",
    "recruitment_formerrow": "cells",
    "recruitment_objection": "facts name phone",
    "payments_bankaccount": "number",
}
NUMBERS = ["phone_index phone", "id_index id_number", "number_index number"]  # fingerprint, and what it is of
WORD = re.compile(r"[0-9A-Za-z]{8,}")
TEXT = re.compile("char|text|json", re.I)


def unsealed() -> Iterator[str]:
    """Rows, of the record or of its history, with a text in clear that should be encrypted."""
    for table, names in SEALED.items():
        wrong = " OR ".join(f"(t.{each} <> '' AND t.{each} NOT LIKE '{CIPHER}%')" for each in names.split())
        for each, key in ((table, "id"), (historical(table), "history_id")):
            if each in schema():
                yield from (f"{each} {found}" for (found,) in ask(f"SELECT t.{key} FROM {each} t WHERE {wrong}"))


def known() -> set[str]:
    """Every number of a person that lies encrypted somewhere: of phones, papers, bank accounts."""
    found = set()
    for table in SEALED:
        for index, name in map(str.split, NUMBERS):
            if {index, name} <= set(schema()[table]):
                one_of_each = f"SELECT MIN({name}) FROM {table} WHERE {name} <> '' GROUP BY {index}"
                found |= {clear(value) for (value,) in ask(one_of_each)}
    return found - {None}


def leaked() -> Iterator[str]:
    """Tables and columns in which somebody's number stands in clear."""
    numbers = known()
    for table, columns in schema().items():
        names = [name for name, kind in columns.items() if TEXT.search(kind)]
        told = [
            f"""SELECT '{each}', CAST("{each}" AS TEXT) FROM {table} WHERE "{each}" IS NOT NULL""" for each in names
        ]
        for name, text in ask(" UNION ".join(told)) if told else []:
            if not text.startswith(CIPHER) and numbers.intersection(WORD.findall(text)):
                yield f"{table}.{name}"


INVARIANTS = [
    Invariant("I30.sealed", "4", "应当加密的内容在记录和历史里都是密文", unsealed),
    Invariant("I30.numbers", "4", "手机号、证件号、银行账号没有明文出现在任何一处", leaked, sealed=True),
]
