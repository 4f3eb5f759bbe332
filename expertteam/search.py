"""Text as it is searched: one normal form for what is kept and what is typed, and where the two meet.

What is kept of a record is lines of normalised text: words of letters and digits, full width and case
undone, accents dropped.  Before every stretch of Latin letters stands ``START``, so that letters are
found from their beginning only, and a reading from the beginning of any syllable: ``'hanyanqiu`` is
kept with ``'yanqiu`` and ``'qiu``.  One plain ``contains`` of a typed word, normalised the same way,
therefore finds Chinese fragments, pinyin and initials alike, on every database.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby

from django.utils.html import escape, format_html, format_html_join
from pypinyin import lazy_pinyin

START = "'"
NAME_ENDS, FIELDS_END = "|", "/"  # lines after the name and after the fields; never part of a word
RANKS = ["it is the name", "the name begins so", "in the name or its reading", "in a field", "elsewhere"]
WORD, LATIN = re.compile(r"[^\W_]+"), re.compile("[a-z]+")
# Surnames whose reading is not the one their characters have elsewhere; all others are read character by character.
SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "盖": "ge", "朴": "piao",
    "翟": "zhai", "缪": "miao", "种": "chong", "折": "she", "秘": "bi", "繁": "po", "覃": "qin", "员": "yun",
    "召": "shao", "乐": "yue", "祭": "zhai", "黑": "he", "能": "nai", "都": "du", "藏": "zang", "隗": "wei",
    "洗": "xian", "角": "jue", "句": "gou", "乜": "nie", "卜": "bu", "阚": "kan", "薄": "bo", "佴": "nai",
    "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "澹台": "tan tai", "乐正": "yue zheng",
}  # fmt: skip


def fold(text: str) -> str:
    """Full width, case, accents and apostrophes undone; ü is written v, as it is typed."""
    apart = unicodedata.normalize("NFKD", text).lower().replace("u\u0308", "v")
    return "".join(each for each in apart if not unicodedata.combining(each) and each not in "'’")


folded_character = lru_cache(maxsize=8192)(fold)


def words(text: str) -> list[str]:
    """The words of a text or of a query in normal form, each once; signs and emoji are no words."""
    return [*dict.fromkeys(LATIN.sub(rf"{START}\g<0>", word) for word in WORD.findall(fold(text)))]


@lru_cache(maxsize=4096)
def syllable(character: str) -> str:
    """How it is read, without tones; empty where it has no reading."""
    read = lazy_pinyin(character)[0]
    return read if read != character and read.isascii() else ""


def syllables(text: str) -> list[str]:
    return [syllable(each) for each in text]


def name_syllables(name: str) -> list[str]:
    """The same of a person's name: what is a surname is read as one, a long one only before a given name."""
    surname = name[:2] if name[:2] in SURNAMES and len(name) > 2 else name[:1]
    known = SURNAMES.get(surname, "").split()
    return known + syllables(name[len(known) :])


def reading(name: str) -> str:
    """``han yan qiu``: by this names are put in order."""
    read = zip(name, name_syllables(name), strict=True)
    return " ".join(syllable or fold(each) for each, syllable in read if not each.isspace())


def beginnings(read: list[str]) -> str:
    """What may be typed for these syllables: from any of them on, in full or as initials."""
    read = [each for each in read if each]
    initials = [each[0] for each in read]
    return "".join(START + "".join(written[n:]) for written in (read, initials) for n in range(len(read)))


def document(name: str, fields: list[str], facts: list[str]) -> str:
    """What is kept of a person to be found by: the name, then the fields, then all the rest, part by part."""
    named = ["".join(words(name)), beginnings(name_syllables(name))]
    advised = [line for field in fields for line in (" ".join(words(field)), beginnings(syllables(field)))]
    rest = [" ".join(words(fact)) for fact in facts]
    return "\n".join([*named, NAME_ENDS, *advised, FIELDS_END, *rest])


def rank(kept: str, wanted: list[str]) -> int:
    """The place in ``RANKS`` of a document that has all these words, by the one that fits best."""
    first = min(map(kept.find, wanted))
    if first > kept.find(FIELDS_END):
        return 4
    if first > kept.find(NAME_ENDS):
        return 3
    if first:
        return 2
    return 0 if kept.startswith("".join(wanted) + "\n") else 1


def covered(text: str, wanted: list[str], read=()) -> set[int]:
    """The places in the text that these words mean, by its characters or by their reading."""
    folded = [*map(folded_character, text)]
    whole, places = "".join(folded), set()
    for word in wanted:
        for match in pattern(word).finditer(whole):
            origins = [place for place, part in enumerate(folded) for _ in part]
            places.update(range(origins[match.start()], origins[match.end() - 1] + 1))
        if read and word.startswith(START):
            places |= spelled(word.removeprefix(START), read)
    return places


@lru_cache(maxsize=256)
def pattern(word: str) -> re.Pattern:
    """Where the word stands in folded text."""
    return re.compile(re.escape(word).replace(START, "(?<![a-z])"))


def spelled(letters: str, read) -> set[int]:
    """The characters whose syllables or initials, one after the other, begin with these letters."""
    heard = [(place, syllable) for place, syllable in enumerate(read) if syllable]
    initials = [(place, syllable[0]) for place, syllable in heard]
    places = set()
    for parts in (heard, initials):
        for first in range(len(parts)):
            places |= reached(letters, parts[first:])
    return places


def reached(letters: str, parts: list[tuple[int, str]]) -> set[int]:
    """How far the letters go along these parts; nowhere, unless every letter is used."""
    places = set()
    for place, part in parts:
        if not letters or not (letters.startswith(part) or part.startswith(letters)):
            break
        places.add(place)
        letters = letters[len(part) :]
    return set() if letters else places


def mark(text: str, wanted: list[str], read=()) -> str:
    """The text as HTML with what was looked for in ``<mark>``."""
    places = covered(text, wanted, read) if wanted else ()
    if not places:
        return escape(text)
    pieces = groupby(enumerate(text), lambda entry: entry[0] in places)
    written = (("<mark>{}</mark>" if found else "{}", "".join(each for _, each in piece)) for found, piece in pieces)
    return format_html_join("", "{}", ((format_html(frame, part),) for frame, part in written))


def excerpt(text: str, wanted: list[str], around: int = 16) -> str:
    """The neighbourhood of the first place in a long text that was looked for; empty if there is none."""
    first = min(covered(text, wanted), default=None)
    if first is None:
        return ""
    start, end = max(first - around, 0), first + around + 8
    return ("…" if start else "") + " ".join(text[start:end].split()) + ("…" if end < len(text) else "")
