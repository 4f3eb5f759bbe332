"""Small real papers for the demo's people: PDF and PNG, made of the standard library alone."""

import struct
import zlib
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile

PORTRAIT = (180, 240)
PALE, DARK, SKIN = b"\xdd\xe8\xe4", b"\x2f\x5d\x57", b"\xe3\xc1\xa5"


def paper(title: str, lines: list[str]) -> SimpleUploadedFile:
    """A one-page PDF with this title and text, in a Chinese font that every reader brings along."""
    text = "BT /F1 20 Tf 70 760 Td "
    for size, line in [
        (20, title),
        (12, ""),
        *((12, each) for each in [*lines, "本页为演示材料，人物与单位均为虚构。"]),
    ]:
        text += f"/F1 {size} Tf <{line.encode('utf-16-be').hex()}> Tj 0 -28 Td "
    stream = f"{text}ET"
    return SimpleUploadedFile(f"{title}.pdf", pdf_of(stream), "application/pdf")


def pdf_of(stream: str) -> bytes:
    """A PDF of one A4 page with this content stream."""
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[6 0 R]>>",
        "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 7 0 R"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 5>>/DW 1000>>",
        "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        "/Ascent 880/Descent -120/CapHeight 880/StemV 93>>",
    ]
    body, places = "%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj{each}endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    size = len(objects) + 1
    tail = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return (body + tail).encode("ascii")


def portrait() -> SimpleUploadedFile:
    """A PNG with the outline of head and shoulders."""
    return SimpleUploadedFile("近照.png", outline(), "image/png")


@cache
def outline() -> bytes:
    """The picture itself, the same for everybody."""
    width, height = PORTRAIT
    rows = (b"\0" + b"".join(colour(x - width / 2, y) for x in range(width)) for y in range(height))
    parts = [
        ("IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
        ("IDAT", zlib.compress(b"".join(rows))),
        ("IEND", b""),
    ]
    chunks = (
        struct.pack(">I", len(each)) + (name := kind.encode()) + each + struct.pack(">I", zlib.crc32(name + each))
        for kind, each in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def colour(x: float, y: int) -> bytes:
    """Of one point, ``x`` counted from the middle."""
    if (x / 38) ** 2 + ((y - 90) / 48) ** 2 < 1:
        return SKIN
    return DARK if (x / 78) ** 2 + ((y - 240) / 95) ** 2 < 1 else PALE
