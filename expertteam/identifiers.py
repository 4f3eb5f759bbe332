"""Numbers that people copy from cards: brought into one form, or refused with the reason.

Each function takes what was typed and returns it normalised (full width, spaces, dashes and
lower case mended), or raises ``ValidationError``.  Reasons are looked for from the coarse to the
fine, so that the first one found is the one that helps: characters, length, parts, check digit.
"""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError

DIGITS = "0123456789"
LONG = re.compile(r"\d{3,}(?=\d{4})")  # of a whole number among other words, all but its tail
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# GB/T 2260: the first two digits of a division code.
PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71")
PERMIT_AREAS = ("810000", "820000", "830000")  # Hong Kong, Macao, Taiwan
# Nobody born earlier can appear; the example printed in GB 11643 is of 1880.
BIRTH_YEARS = range(1800, 2101)

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def resident_id(text: str) -> str:
    """居民身份证: GB 11643, 18 characters; the 15 digits of old cards are refused."""
    number = _cleaned(text, "公民身份号码")
    if re.fullmatch("[0-9]{15}", number):
        raise ValidationError("15位旧号码请换成18位，以现行身份证上的公民身份号码为准", code="old")
    _check_shape(number, "公民身份号码")
    if number[:2] in {"81", "82", "83"}:
        raise ValidationError("这是港澳台居民居住证的号码，证件类型请选“港澳台居民居住证”", code="kind")
    if number[0] == "9":
        raise ValidationError("9开头的是外国人永久居留身份证，证件类型请选“外国人永久居留身份证”", code="kind")
    if not PROVINCES.match(number):
        raise ValidationError(f"前两位“{number[:2]}”不是省级地区代码，请核对", code="area")
    return _with_birth_and_check(number)


def residence_permit(text: str) -> str:
    """港澳台居民居住证: built as a resident ID, with 810000, 820000 or 830000 as its area."""
    number = _cleaned(text, "居住证号码")
    _check_shape(number, "居住证号码")
    if number[:6] not in PERMIT_AREAS:
        raise ValidationError("港澳台居民居住证号码应以810000、820000或830000开头", code="area")
    return _with_birth_and_check(number)


def permanent_resident_card(text: str) -> str:
    """外国人永久居留身份证: 18 characters from 9 on (cards since December 2023), or 3 letters and 12 digits.

    Only the first digit and the check character of the new number are tested: its inner layout
    is not published in a standard.
    """
    number = _cleaned(text, "永久居留身份证号码")
    if number[0] in LETTERS:
        _check_characters(number, DIGITS + LETTERS, "永久居留身份证号码只能由字母和数字组成")
        _check_length(number, 15, "旧版永久居留身份证号码")
        if not re.fullmatch("[A-Z]{3}[0-9]{12}", number):
            raise ValidationError("旧版永久居留身份证号码应为3位字母加12位数字", code="characters")
        return number
    _check_shape(number, "永久居留身份证号码")
    if number[0] != "9":
        raise ValidationError("新版永久居留身份证号码应以9开头，请核对证件类型", code="kind")
    return _with_check(number)


def travel_permit(text: str) -> str:
    """来往内地（大陆）通行证: H or M and 8 or 10 digits; Taiwan 8 digits, on old cards 10 or 11."""
    number = _cleaned(text, "通行证号码")
    if number[0] in LETTERS:
        if number[0] not in "HM":
            raise ValidationError("港澳居民来往内地通行证号码应以H（香港）或M（澳门）开头", code="kind")
        _check_characters(number[1:], DIGITS, "字母之后只能是数字", first=2)
        lengths, rule = (9, 11), "港澳居民通行证号码应为1位字母加8位数字（或10位，含换证次数）"
    else:
        _check_characters(number, DIGITS, "台湾居民来往大陆通行证号码只能是数字")
        lengths, rule = (8, 10, 11), "台湾居民通行证号码应为8位数字（旧证10位或11位）"
    if len(number) not in lengths:
        raise ValidationError(f"{rule}，现在是{len(number)}位", code="length")
    return number


def passport(text: str) -> str:
    """护照: 5 to 20 letters and digits, whatever the country."""
    number = _cleaned(text, "护照号码")
    _check_characters(number, DIGITS + LETTERS, "护照号码只能由字母和数字组成")
    if not 5 <= len(number) <= 20:
        raise ValidationError(f"护照号码应为5至20位，现在是{len(number)}位", code="length")
    return number


def social_credit_code(text: str) -> str:
    """统一社会信用代码: GB 32100, 18 characters, with the organisation code's own check inside."""
    code = _cleaned(text, "统一社会信用代码")
    if re.fullmatch("[0-9]{15}", code):
        raise ValidationError("15位的是旧工商注册号，请填18位统一社会信用代码", code="old")
    _check_characters(code, CREDIT_ALPHABET, "统一社会信用代码由数字和大写字母（I、O、S、V、Z除外）组成")
    _check_length(code, 18, "统一社会信用代码")
    if not re.fullmatch("[0-9]{6}", code[2:8]):
        raise ValidationError("第3至8位是登记地区代码，应为数字，请核对", code="area")
    if code[16] != _organisation_check(code[8:16]):
        raise ValidationError("第9至17位（主体标识码）的校验位不对，请核对", code="check")
    if code[17] != _credit_check(code[:17]):
        raise ValidationError("最后一位校验码不对，请核对", code="check")
    return code


def mobile(text: str) -> str:
    """Mainland mobile number: 11 digits, without +86 or 0086."""
    typed = _cleaned(text, "手机号")
    number = re.sub(r"^(\+86|0086|86(?=[0-9]{11}$))", "", typed)
    if number.startswith(("+", "00")):
        raise ValidationError("目前只支持中国大陆手机号", code="kind")
    _check_characters(number, DIGITS, "手机号只能是数字")
    if number.startswith("0"):
        raise ValidationError("这是固定电话，请填11位手机号", code="kind")
    _check_length(number, 11, "手机号", "位数字")
    if not re.match("1[3-9]", number):
        raise ValidationError("手机号应以13至19开头，请核对", code="area")
    return number


def bank_card(text: str) -> str:
    """Bank card: digits and length only; ``luhn_ok`` is the form's warning, since some cards fail it."""
    number = _cleaned(text, "银行卡号")
    _check_characters(number, DIGITS, "银行卡号只能是数字")
    if not 12 <= len(number) <= 19:
        raise ValidationError(f"银行卡号应为12至19位数字，现在是{len(number)}位", code="length")
    return number


def luhn_ok(text: str) -> bool:
    """Whether the card number has a right Luhn check digit; false for anything but digits."""
    number = _normalised(text)
    if not re.fullmatch("[0-9]+", number):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def born_on(number: str) -> date:
    """The date of birth inside a resident ID or residence permit; ``ValueError`` if there is no such day."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


ID_KINDS = {
    "resident_id": "居民身份证",
    "residence_permit": "港澳台居民居住证",
    "travel_permit": "来往内地通行证",
    "passport": "护照",
    "permanent_resident_card": "外国人永久居留身份证",
}
# Which function reads the number of a kind.
ID_READERS = {
    reader.__name__: reader
    for reader in (resident_id, residence_permit, travel_permit, passport, permanent_resident_card)
}


def _normalised(text):
    """Half width, upper case, without blanks, dashes and invisible characters."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text).upper()
        if not character.isspace() and unicodedata.category(character) not in {"Pd", "Cc", "Cf"} and character != "−"
    )


def _cleaned(text, what):
    number = _normalised(text)
    if not number:
        raise ValidationError(f"请填写{what}", code="required")
    return number


def _check_characters(number, alphabet, rule, first=1):
    """Name the first character that does not belong; ``first`` is the place of the first one."""
    for place, character in enumerate(number, first):
        if character not in alphabet:
            raise ValidationError(f"{rule}，第{place}位是“{character}”", code="characters")


def _check_length(number, length, what, unit="位"):
    missing = length - len(number)
    if missing:
        verdict = f"少了{missing}位" if missing > 0 else f"多了{-missing}位"
        raise ValidationError(f"{what}{verdict}，应为{length}{unit}", code="length")


def _check_shape(number, what):
    """Seventeen digits and a digit or X."""
    _check_characters(number, DIGITS + "X", f"{what}只能是数字，最后一位可以是X")
    _check_length(number, 18, what)
    _check_characters(number[:17], DIGITS, f"{what}只有最后一位可以是X")


def _with_birth_and_check(number):
    try:
        born = born_on(number)
    except ValueError:
        raise ValidationError(f"出生日期不存在：{number[6:14]}，请核对第7至14位", code="birth") from None
    if born.year not in BIRTH_YEARS:
        raise ValidationError(f"出生年份“{born.year}”不可能，请核对第7至10位", code="birth")
    return _with_check(number)


def _with_check(number):
    """ISO 7064 MOD 11-2: finds every single wrong digit and every swap of neighbours."""
    weighted = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    if number[17] != "10X98765432"[weighted % 11]:
        raise ValidationError("校验位不对，请核对每一位", code="check")
    return number


def _organisation_check(body):
    """GB 11714: letters count on from ten without a gap, unlike in the credit code around it."""
    weighted = sum(w * (DIGITS + LETTERS).index(c) for w, c in zip(ORGANISATION_WEIGHTS, body, strict=True))
    return "0X987654321"[weighted % 11]


def _credit_check(body):
    weighted = sum(pow(3, place, 31) * CREDIT_ALPHABET.index(c) for place, c in enumerate(body))
    return CREDIT_ALPHABET[-weighted % 31]
