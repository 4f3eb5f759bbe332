"""Papers the bureau issues, set as tagged PDF (PDF/UA-1) by typst from ``templates/documents/``.

A template receives plain values as JSON and nothing by string formatting, so a name full of typst
markup is printed as it is.  The fonts stand in the order ``settings.FONT_DIR``, the machine's Noto
Song type, the Chinese font that comes with the Python packages: papers can always be made.
"""

import io
import json
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import segno
import typst
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from fontTools.ttLib import TTFont

from expertteam import clock

NOTO = Path("/usr/share/fonts/opentype/noto")
PACKAGED = Path(str(files("justmytype_intl_cjk") / "fonts" / "ofl" / "notosanssc"))
FAMILIES = ("Noto Serif CJK SC", "Noto Sans SC")
OTHER_REGIONS = (" HK", " JP", " KR", " TC")


class MissingGlyph(ValueError):
    """No font at hand has these ``characters``; the page for printing uses the reader's own fonts."""

    def __init__(self, characters: str):
        self.characters = characters
        named = "、".join(f"{character}（U+{ord(character):04X}）" for character in characters)
        super().__init__(f"字库里没有这些字：{named}。请改用网页打印，或在服务器上补装字体")


class CertificateFacts(NamedTuple):
    """What one certificate of appointment (Article 11) says.

    ``last_day`` is inclusive; ``basis`` is what follows 依据 and what was gone through.
    """

    name: str
    number: str
    first_day: date
    last_day: date
    role: str
    basis: str
    issuer: str
    issued_on: date
    verify_url: str


class Block(NamedTuple):
    """One part of a paper: ``kind`` is facts (name, value), table, text or signatures (who, what stands there)."""

    kind: str
    rows: list
    heading: str = ""
    head: tuple[str, ...] = ()
    widths: tuple[float, ...] = ()  # of the columns, in proportion


class Typecase(NamedTuple):
    """The fonts of this process: for typst, by name in the order of preference, and what they can print."""

    fonts: typst.Fonts
    families: list[str]
    characters: frozenset[int]


def certificate(facts: CertificateFacts) -> bytes:
    """The 聘书 as PDF, one A4 page across, the same bytes for the same facts.

    Raises ``MissingGlyph`` rather than print a name with a blank in it.
    """
    days = {field: in_chinese(getattr(facts, field)) for field in ("first_day", "last_day", "issued_on")}
    qr = qr_svg(facts.verify_url)
    return compile("certificate.typ", facts._asdict() | days | {"qr": qr}, facts.issued_on)


def paper(
    title: str, number: str, blocks: list[Block], on: date, *, closing: bool = True, flipped: bool = False
) -> bytes:
    """An official paper of one or more A4 pages as PDF, issued by the bureau on that day.

    ``closing`` puts bureau and day at its end, ``flipped`` lays the sheet across.  A block without rows is left out.

    Raises ``MissingGlyph`` rather than print a blank.
    """
    parts = [each._asdict() for each in blocks if each.rows]
    facts = {"title": title, "number": number, "blocks": parts, "issuer": settings.SITE["org"]}
    facts |= {"closing": closing, "flipped": flipped}
    return compile("paper.typ", facts | {"issued_on": in_chinese(on)}, on)


def compile(template: str, facts: dict, on: date) -> bytes:
    """The PDF of one typst template filled with JSON-like ``facts``, dated ``on``.

    The day is asked for because a paper printed twice must be the same paper, byte for byte.
    Raises ``MissingGlyph``, and ``typst.TypstError`` if the template is wrong.
    """
    if missing := missing_glyphs("".join(texts(facts))):
        raise MissingGlyph(missing)
    case, folder = typecase(font_folders()), settings.BASE_DIR / "templates" / "documents"
    return typst.compile(
        str(folder / template),
        root=str(folder),
        font_paths=case.fonts,
        sys_inputs={"facts": json.dumps(facts), "families": json.dumps(case.families)},
        pdf_standards="ua-1",
        timestamp=int(clock.instant(on).timestamp()),
    )


def missing_glyphs(text: str) -> str:
    """The characters of ``text`` that no font at hand can print, each once, in order; often empty."""
    printable = typecase(font_folders()).characters
    return "".join(c for c in dict.fromkeys(text) if ord(c) not in printable and not c.isspace())


def qr_svg(url: str) -> SafeString:
    """The QR code of an address as SVG, for a page or a paper; its name for a screen reader is 核验二维码."""
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        drawn, kind="svg", xmldecl=False, nl=False, omitsize=True,
        title="核验二维码", svgclass="qr", lineclass=None, dark="#18211f", light="#fff",
    )  # fmt: skip
    return mark_safe(drawn.getvalue().decode().replace("<svg ", '<svg role="img" ', 1))


def in_chinese(day: date) -> str:
    """2026年3月1日, as papers write a date."""
    return f"{day.year}年{day.month}月{day.day}日"


def texts(value) -> Iterator[str]:
    """Every piece of text in a JSON-like value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


def font_folders() -> tuple[Path, ...]:
    """Where fonts lie on this machine, the preferred first."""
    own = [Path(settings.FONT_DIR)] if settings.FONT_DIR else []
    return tuple(folder for folder in [*own, NOTO, PACKAGED] if folder.is_dir())


@lru_cache(maxsize=2)
def typecase(folders: tuple[Path, ...]) -> Typecase:
    """Read the fonts once for the life of the process: it costs more than setting a page.

    Of the bureau's own folder every family counts but those drawn for other regions.
    """
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[*map(str, folders)])
    ours = {
        font.family
        for font in fonts.fonts()
        if not Path(font.path).is_relative_to(NOTO) and not Path(font.path).is_relative_to(PACKAGED)
    }
    families = [family for family in sorted(ours) if not family.endswith(OTHER_REGIONS)]
    families += [family for family in FAMILIES if family in fonts.families() and family not in families]
    return Typecase(fonts, families, frozenset().union(*(drawn(fonts, family) for family in families)))


def drawn(fonts: typst.Fonts, family: str) -> set[int]:
    """The code points that every weight of a family has: typst does not look in another weight."""
    maps = []
    for face in fonts.fonts():
        if face.family == family:
            with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
                maps.append(set(font.getBestCmap() or ()))
    return set.intersection(*maps)
