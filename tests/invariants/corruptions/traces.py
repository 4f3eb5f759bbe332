"""History, messages, files, accounts, states, secrecy of what is kept (all through the Measures)."""

import re
from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import connection

from experts.models import Appointment
from expertteam import account_changes as changes
from expertteam import clock, notify
from expertteam.models import Counter, Notification
from expertteam.workflow import SYSTEM
from recruitment import actions as recruitment
from recruitment.models import Document, FormerRow
from tests import make
from tests.conftest import person
from tests.invariants import past
from tests.invariants.lawless import Case, copied, forged, forgotten, lawless, put, taken
from tests.recruitment import former

PHONE = "13912345678"


def told():
    """An officer was told something: a message on the portal and a mail."""
    notify.notify("told:1", make.make_user(email="wang@example.org", phone=PHONE), "请核实", "有一件事待核实")
    return Notification.objects.get(channel="mail")


def undone():
    """An import of one person that was taken back."""
    record = former.taken(past.officer("intake"), past.officer("reviewer"), former.PERSON)
    return recruitment.undo(record, by=past.officer("leader"), reason="年份录错了")


def retaken():
    """The term of an import that was taken back, as it came in again."""
    undone()
    former.taken(past.officer("intake"), past.officer("reviewer"), former.PERSON)
    return Appointment.objects.get()


def ended(record):
    """Taken away, and the history says so."""
    last = record.history.first()
    last.pk, last.history_type = None, "-"
    last.save(force_insert=True)
    taken(record)


def forgotten_end(model, _):
    """The history does not say that the record was taken away."""
    with lawless(model.history.model):
        model.history.filter(history_type="-")._raw_delete(using="default")


def attached():
    """A file that an applicant handed in."""
    return Document.objects.filter(application=make.make_complete_application()).first()


def emptied(document):
    default_storage.delete(document.file.name)


def exchanged(document):
    with default_storage.open(document.file.name, "wb") as file:
        file.write(b"%PDF-1.4 another")


def shut_out():
    """Somebody whose account is closed."""
    return person("former", is_active=False)


def cooled():
    """Another mobile number of somebody, in effect after its time."""
    asked, second, user = past.officer("intake"), past.officer("reviewer"), make.make_user(phone=PHONE)
    with clock.at(past.MONDAY):
        change = changes.ask_phone(user, by=asked, phone="13912345679", note="本人来电")
        sent = re.search(r"\d{6}", Notification.objects.get(subject="验证新手机号").body)[0]
        changes.prove(change, by=asked, code=sent)
        changes.confirm_phone(change, by=second, check_note="打了原号码")
    with clock.at(change.effective_at):
        return changes.take_effect(change, by=SYSTEM)


def in_clear(record, column, words):
    """Words in a column past its encryption."""
    with lawless(type(record)), connection.cursor() as cursor:
        table = record._meta.db_table
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE {record._meta.pk.column} = %s", [words, record.pk])


def in_clear_history(record, column, words):
    in_clear(record.history.first(), column, words)


def numbered():
    """Requests with numbers of their series."""
    with clock.at(past.MONDAY):
        return [make.make_asked() for _ in range(2)]


CASES = [
    Case("I27.last", lambda: make.make_service("logged"), lambda it: put(it, state="confirmed")),
    Case("I27.last", lambda: make.make_service("logged"), lambda it: put(it, minutes=61)),
    Case("I27.last", lambda: make.make_service("logged"), lambda it: put(it, summary="讲了别的")),
    Case("I27.last", make.make_appointment, lambda it: forged(it, name="王方")),
    Case("I27.trace", lambda: make.make_service("logged"), copied),
    Case("I27.trace", lambda: make.make_dismissal("told"), lambda it: forgotten(it, history_type="+")),
    Case("I27.course", past.applied, lambda it: forgotten(it.application, state="recommended")),
    Case("I27.course", past.applied, lambda it: forged(it.application, since="appointed", history_user_id=None)),
    Case("I27.course", past.reviewed, lambda it: forgotten(it, state="concluded")),
    Case("I28.numbers", numbered, lambda it: taken(it[0])),
    Case("I28.numbers", numbered, lambda it: put(it[1], number="XX26030001")),
    Case("I28.numbers", numbered, lambda it: Counter.objects.filter(key="request-2603").update(value=3)),
    Case("I29.late", told, lambda it: put(it, sent_at=None, due=clock.now() - timedelta(days=2), attempts=1)),
    Case("I29.late", told, lambda it: put(it, sent_at=None, due=clock.now() - timedelta(hours=25), attempts=7)),
    Case("I29.sent", told, lambda it: put(it, sent_at=it.created_at - timedelta(minutes=1))),
    Case("I29.sent", told, lambda it: put(it, address="")),
    Case("I29.sent", told, copied),
    Case("I30.sealed", told, lambda it: in_clear(it, "body", "有一件事待核实")),
    Case("I30.sealed", make.make_request, lambda it: in_clear_history(it, "question", "合伙出资怎么搭配？")),
    Case("I30.numbers", told, lambda it: put(it, subject=f"请给{PHONE}回电话")),
    Case("I30.numbers", told, lambda it: put(make.make_activity(), place=PHONE)),
    Case("I30.numbers", make.make_bank_account, lambda it: put(make.make_user(), username="6222020502001234567")),
    Case("I30.numbers", make.make_request, lambda it: forged(it, history_change_reason=f"按{it.phone}要求改期")),
    Case("I31.states", make.make_request, lambda it: put(it, state="closed")),
    Case("I31.states", lambda: make.make_seat("accepted"), lambda it: put(it, state="gone")),
    Case("I31.fields", lambda: make.make_dismissal("dismissed"), lambda it: put(it, effective_on=None)),
    Case("I31.fields", lambda: make.make_request("arranged"), lambda it: put(it, starts_at=None)),
    Case("I31.fields", make.make_bank_account, lambda it: put(it, usable_from=it.confirmed_at)),
    Case("I32.files", attached, emptied),
    Case("I32.files", attached, exchanged),
    Case("I32.files", attached, lambda it: put(it, digest="0" * 64)),
    Case("I33.disabled", shut_out, lambda it: make.make_role_grant("active", user=it)),
    Case("I33.disabled", lambda: past.officer("intake"), lambda it: put(it, is_active=False)),
    Case("I33.changes", cooled, lambda it: put(it, confirmed_by=it.proposed_by)),
    Case("I33.changes", cooled, lambda it: put(it, effective_at=clock.now() + timedelta(days=1))),
    Case("I33.changes", cooled, lambda it: put(it, proved_at=None)),
    Case("I33.staff", lambda: past.officer("intake"), lambda it: put(it, is_superuser=True)),
    Case("I33.staff", make.make_user, lambda it: put(it, is_staff=True)),
    Case("I34.gone", lambda: make.make_hours(make.make_expert(), 0, "09:00", "12:00"), taken),
    Case("I34.gone", make.make_bare_objection, taken),
    Case("I34.gone", undone, lambda it: put(it, state="taken")),
    Case("I34.gone", undone, lambda it: put(FormerRow.objects.get(), number="并创〔2024〕99号")),
    Case("I34.gone", undone, lambda it: put(FormerRow.objects.get(), new_account=False)),
    Case("I34.gone", undone, taken),
    Case("I34.gone", retaken, ended),
    Case("I34.gone", undone, lambda it: forgotten_end(Appointment, it)),
]  # fmt: skip
