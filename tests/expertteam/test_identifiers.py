"""Numbers on cards: what is accepted, and that the first reason given is the right one."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from expertteam import identifiers
from expertteam.identifiers import ID_KINDS, ID_READERS, born_on, luhn_ok

READERS = [*ID_READERS.values(), identifiers.social_credit_code, identifiers.mobile, identifiers.bank_card]
ANY_READER = st.sampled_from(READERS)
# Text near enough to real numbers that a good part of it comes through.
NEAR_NUMBERS = st.text("0123456789Xx Hm-+８６０１AZ", max_size=20)
# The first seventeen digits of possible resident IDs.
SEVENTEEN = "(1[1-5]|3[1-7]|4[1-6])[0-9]{4}19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}"


@pytest.mark.parametrize(
    ("reader", "typed", "expected"),
    [
        ("resident_id", "11010519491231002X", "11010519491231002X"),
        ("resident_id", "11010519491231002x", "11010519491231002X"),
        ("resident_id", "440524188001010014", "440524188001010014"),
        ("resident_id", " 110105 19491231-002x\n", "11010519491231002X"),
        ("resident_id", "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
        ("residence_permit", "810000199001010019", "810000199001010019"),
        ("permanent_resident_card", "911124198108030024", "911124198108030024"),
        ("permanent_resident_card", "usa110074121001", "USA110074121001"),
        ("travel_permit", "h12345678", "H12345678"),
        ("travel_permit", "M1234567801", "M1234567801"),
        ("travel_permit", "12345678", "12345678"),
        ("travel_permit", "0123456789", "0123456789"),
        ("travel_permit", "01234567890", "01234567890"),
        ("passport", "e 12345678", "E12345678"),
        ("passport", "AB123", "AB123"),
        ("social_credit_code", "914403001922038216", "914403001922038216"),
        ("social_credit_code", "9144030071526726xg", "9144030071526726XG"),
        ("social_credit_code", "9135 0100 M000 100Y 43", "91350100M000100Y43"),
        ("mobile", "13800138000", "13800138000"),
        ("mobile", "+86 138-0013-8000", "13800138000"),
        ("mobile", "0086 13800138000", "13800138000"),
        ("mobile", "8613800138000", "13800138000"),
        ("mobile", "＋８６　１３８００１３８０００", "13800138000"),
        ("mobile", "\u202d138—0013–8000\u202c", "13800138000"),
        ("bank_card", "6222 0202 0011 2233 445", "6222020200112233445"),
        ("bank_card", "622202000000", "622202000000"),
    ],
)
def test_number_is_brought_into_one_form(reader, typed, expected):
    assert getattr(identifiers, reader)(typed) == expected


@pytest.mark.parametrize(
    ("reader", "typed", "reason"),
    [
        ("resident_id", " － ", "请填写公民身份号码"),
        ("resident_id", "110105491231002", "15位旧号码请换成18位，以现行身份证上的公民身份号码为准"),
        ("resident_id", "1101051949123102X", "公民身份号码少了1位，应为18位"),
        ("resident_id", "11010519491231002XX", "公民身份号码多了1位，应为18位"),
        ("resident_id", "1101O5194912310", "公民身份号码只能是数字，最后一位可以是X，第5位是“O”"),
        ("resident_id", "1101051949123100X2", "公民身份号码只有最后一位可以是X，第17位是“X”"),
        ("resident_id", "١10105194912310021", "公民身份号码只能是数字，最后一位可以是X，第1位是“١”"),
        ("resident_id", "810000199001010019", "这是港澳台居民居住证的号码，证件类型请选“港澳台居民居住证”"),
        ("resident_id", "911124198108030024", "9开头的是外国人永久居留身份证，证件类型请选“外国人永久居留身份证”"),
        ("resident_id", "160105194912310021", "前两位“16”不是省级地区代码，请核对"),
        ("resident_id", "110105199102300021", "出生日期不存在：19910230，请核对第7至14位"),
        ("resident_id", "110105190002290021", "出生日期不存在：19000229，请核对第7至14位"),
        ("resident_id", "110105179912310021", "出生年份“1799”不可能，请核对第7至10位"),
        ("resident_id", "110105210112310021", "出生年份“2101”不可能，请核对第7至10位"),
        ("resident_id", "110105194912310020", "校验位不对，请核对每一位"),
        ("residence_permit", "11010519491231002X", "港澳台居民居住证号码应以810000、820000或830000开头"),
        ("residence_permit", "81000019900101001", "居住证号码少了1位，应为18位"),
        ("residence_permit", "810000199013010019", "出生日期不存在：19901301，请核对第7至14位"),
        ("residence_permit", "830000199001010019", "校验位不对，请核对每一位"),
        ("permanent_resident_card", "USA11007412100", "旧版永久居留身份证号码少了1位，应为15位"),
        ("permanent_resident_card", "US1110074121001", "旧版永久居留身份证号码应为3位字母加12位数字"),
        ("permanent_resident_card", "11010519491231002X", "新版永久居留身份证号码应以9开头，请核对证件类型"),
        ("permanent_resident_card", "911124198108030025", "校验位不对，请核对每一位"),
        ("travel_permit", "A12345678", "港澳居民来往内地通行证号码应以H（香港）或M（澳门）开头"),
        ("travel_permit", "H1234567", "港澳居民通行证号码应为1位字母加8位数字（或10位，含换证次数），现在是8位"),
        ("travel_permit", "H1234567Z", "字母之后只能是数字，第9位是“Z”"),
        ("travel_permit", "123456789", "台湾居民通行证号码应为8位数字（旧证10位或11位），现在是9位"),
        ("passport", "E123", "护照号码应为5至20位，现在是4位"),
        ("passport", "护照E12345678", "护照号码只能由字母和数字组成，第1位是“护”"),
        ("social_credit_code", "140100200012345", "15位的是旧工商注册号，请填18位统一社会信用代码"),
        ("social_credit_code", "91440300192203821", "统一社会信用代码少了1位，应为18位"),
        ("social_credit_code", "I1", "统一社会信用代码由数字和大写字母（I、O、S、V、Z除外）组成，第1位是“I”"),
        ("social_credit_code", "9144A3001922038216", "第3至8位是登记地区代码，应为数字，请核对"),
        ("social_credit_code", "914403001922038316", "第9至17位（主体标识码）的校验位不对，请核对"),
        ("social_credit_code", "914403001922038215", "最后一位校验码不对，请核对"),
        ("mobile", "", "请填写手机号"),
        ("mobile", "1380013800", "手机号少了1位，应为11位数字"),
        ("mobile", "138001380001", "手机号多了1位，应为11位数字"),
        ("mobile", "1380013800O", "手机号只能是数字，第11位是“O”"),
        ("mobile", "0351-4220000", "这是固定电话，请填11位手机号"),
        ("mobile", "12800138000", "手机号应以13至19开头，请核对"),
        ("mobile", "+852 5123 4567", "目前只支持中国大陆手机号"),
        ("bank_card", "62220200000", "银行卡号应为12至19位数字，现在是11位"),
        ("bank_card", "62220200000000000000", "银行卡号应为12至19位数字，现在是20位"),
        ("bank_card", "6222020000X0", "银行卡号只能是数字，第11位是“X”"),
    ],
)
def test_number_is_refused_for_its_first_fault(reader, typed, reason):
    with pytest.raises(ValidationError) as refusal:
        getattr(identifiers, reader)(typed)

    assert refusal.value.messages == [reason]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("4111 1111 1111 1111", True), ("4111111111111112", False), ("79927398713", True), ("", False), ("41x", False)],
)
def test_luhn_is_a_yes_or_no(typed, expected):
    assert luhn_ok(typed) is expected


def test_every_kind_of_identity_has_a_reader():
    assert ID_KINDS.keys() == ID_READERS.keys()


def test_birth_date_is_read_from_the_number():
    assert born_on("11010519491231002X") == date(1949, 12, 31)


@given(ANY_READER, st.text() | NEAR_NUMBERS)
def test_any_text_is_normalised_for_good_or_refused(reader, text):
    try:
        once = reader(text)
    except ValidationError:
        return

    assert reader(once) == once


@given(st.from_regex(SEVENTEEN, fullmatch=True), st.integers(0, 17), st.integers(1, 10))
def test_one_wrong_character_of_a_resident_id_is_found(first, place, shift):
    number = next(first + check for check in "0123456789X" if accepted(first + check))
    alphabet = "0123456789X" if place == 17 else "0123456789"
    wrong = alphabet[(alphabet.index(number[place]) + shift) % len(alphabet)]

    changed = number[:place] + wrong + number[place + 1 :]

    assert accepted(changed) is (changed == number)


def accepted(number):
    try:
        return identifiers.resident_id(number) == number
    except ValidationError:
        return False
