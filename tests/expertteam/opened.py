"""Every number of the annual report pressed, as a reader of it would."""

import re
from html import unescape

NUMBER = re.compile(r'<a href="([^"]*)" aria-label="[^"]*，看记录">([^<]*)</a>')


def numbers(http, address):
    """Each number that leads somewhere, with where it leads."""
    return [(said, unescape(register)) for register, said in NUMBER.findall(http.get(address).content.decode())]


def found(http, register):
    """How many rows the register shows there."""
    return http.get(register).context["cl"].result_count


def is_true(said, count):
    """Whether a number, or that it is too small to be told, fits what was counted."""
    return count == int(said) if said.isdecimal() else said == "不足5" and 0 < count < 5


def false_numbers(http, address):
    """Those that do not say what they open."""
    said = numbers(http, address)
    counts = {register: found(http, register) for _, register in said}
    return [(number, counts[register], register) for number, register in said if not is_true(number, counts[register])]
