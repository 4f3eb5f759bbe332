import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction

from expertteam.models import User
from tests.make import make_user

NUMBER, PHONE = "11010519491231002X", "13800138000"
pytestmark = pytest.mark.django_db


@pytest.fixture
def keys(settings):
    """Put these keys in force, newest first."""

    def use(*keys):
        settings.FIELD_KEYS = list(keys)

    return use


def stored(table):
    """Everything that the table holds, as text."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return str(cursor.fetchall())


@pytest.mark.parametrize("table", ["expertteam_user", "expertteam_historicaluser"])
def test_numbers_are_not_readable_in_the_database(table):
    make_user(id_number=NUMBER, phone=PHONE)

    assert NUMBER not in stored(table)
    assert PHONE not in stored(table)


def test_numbers_are_read_back_as_they_were():
    user = make_user(id_number=NUMBER)

    user.refresh_from_db()

    assert user.id_number == NUMBER
    assert user.history.get().id_number == NUMBER


def test_the_same_number_is_never_stored_twice_alike():
    one = make_user(phone=PHONE)

    before = stored("expertteam_user")
    one.save()

    assert stored("expertteam_user") != before


@pytest.mark.parametrize("empty", ["", None])
def test_nothing_stays_nothing(empty):
    assert User._meta.get_field("phone").get_prep_value(empty) == empty
    assert User._meta.get_field("phone").from_db_value(empty, None, None) == empty


@pytest.mark.parametrize("lookup", ["exact", "in", "contains", "startswith", "gt", "regex"])
def test_an_encrypted_text_cannot_be_searched(lookup):
    with pytest.raises(FieldError):
        User.objects.filter(**{f"phone__{lookup}": [PHONE]})


def test_an_encrypted_text_can_be_asked_whether_it_is_there():
    make_user()

    assert User.objects.filter(phone__isnull=False).count() == 1


def test_a_number_belongs_to_one_account():
    make_user(id_number=NUMBER)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(id_number=NUMBER)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(username="bulk", id_number=NUMBER)])


def test_accounts_without_a_number_do_not_collide():
    assert {make_user().id_index, make_user().id_index} == {None}


def test_equal_numbers_of_two_purposes_have_different_fingerprints():
    user = make_user(id_number=PHONE, phone=PHONE)

    assert user.id_index != user.phone_index


def test_taking_the_number_out_takes_the_fingerprint_out():
    user = make_user(phone=PHONE)

    user.phone = ""
    user.save(update_fields=["phone", "phone_index"])

    user.refresh_from_db()
    assert user.phone_index is None


def test_a_newer_key_in_front_reads_the_old_rows_and_writes_with_the_new_key(keys):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keys(old)
    user = make_user(phone=PHONE)

    keys(new, old)
    user.refresh_from_db()
    user.save()

    keys(new)
    assert User.objects.get(pk=user.pk).phone == PHONE


def test_a_newer_key_in_front_keeps_the_fingerprints(keys):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    keys(old)
    make_user(phone=PHONE)

    keys(new, old)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_user(phone=PHONE)


def test_without_its_key_a_number_cannot_be_read(keys):
    keys(Fernet.generate_key().decode())
    user = make_user(phone=PHONE)

    keys(Fernet.generate_key().decode())

    with pytest.raises(InvalidToken):
        User.objects.get(pk=user.pk)
