import io
import re
from datetime import date
from pathlib import Path

import pytest
import segno
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pypdf import PdfReader

from expertteam import documents

FACTS = documents.CertificateFacts(
    name="韩砚秋",
    number="并创专〔2026〕001号",
    first_day=date(2026, 3, 1),
    last_day=date(2029, 2, 28),
    role="太原市创业就业指导专家团专家",
    basis="《创业就业指导专家团管理办法》第五条第二项，经初审推荐、审核和公示",
    issuer="太原市人力资源和社会保障局",
    issued_on=date(2026, 2, 27),
    verify_url="https://portal.example/verify/3q2-7wEX9sLk0tYb1vPzQa/",
)
HOSTILE = "#panic(1) *x* $y$ \\"
LONG = "Maximilian Alexander von Hohenstein-Wolfenbüttel zu Sachsen-Coburg und Gotha"


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def printed(pdf):
    return re.sub(r"\s", "", "".join(page.extract_text() for page in read(pdf).pages))


def test_certificate_says_every_fact():
    text = printed(documents.certificate(FACTS))

    for fact in (FACTS.name, FACTS.number, FACTS.role, FACTS.basis, FACTS.issuer, "聘书", "扫码核验"):
        assert fact in text
    assert "2026年3月1日至2029年2月28日" in text
    assert "2026年2月27日" in text


@pytest.mark.parametrize("name", ["李䶮", "阿卜杜热合曼·买买提依明", "Zoë O’Brien-Müller", HOSTILE, LONG])
def test_certificate_prints_the_name_as_it_is_on_one_page(name):
    pdf = documents.certificate(FACTS._replace(name=name))

    assert re.sub(r"\s", "", name) in printed(pdf)
    assert len(read(pdf).pages) == 1


def test_certificate_is_tagged_titled_and_in_chinese():
    pdf = read(documents.certificate(FACTS))

    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "zh-CN"
    assert pdf.metadata.title == "聘书 并创专〔2026〕001号"
    assert "<pdfuaid:part>1</pdfuaid:part>" in pdf.trailer["/Root"]["/Metadata"].get_data().decode()


def test_certificate_carries_its_fonts():
    fonts = read(documents.certificate(FACTS)).pages[0]["/Resources"]["/Font"].values()

    descriptors = [font["/DescendantFonts"][0]["/FontDescriptor"] for font in fonts]

    assert descriptors
    assert all("/FontFile2" in each or "/FontFile3" in each for each in descriptors)


def test_certificate_is_the_same_to_the_byte_for_the_same_facts():
    first = documents.certificate(FACTS)

    again = documents.certificate(FACTS._replace())

    assert again == first
    assert documents.certificate(FACTS._replace(issued_on=date(2026, 3, 2))) != first


@pytest.mark.parametrize("sign", ["\U0001f600", "\ue000", "\x07"])
def test_certificate_is_refused_rather_than_printed_with_a_blank(sign):
    with pytest.raises(documents.MissingGlyph, match=f"U\\+{ord(sign):04X}") as refusal:
        documents.certificate(FACTS._replace(name=f"韩{sign}秋{sign}"))

    assert refusal.value.characters == sign


def test_fonts_of_the_packages_alone_print_names_and_the_wording_of_every_template():
    templates = Path(documents.__file__).parent.parent.glob("templates/documents/*.typ")
    wording = "".join(template.read_text(encoding="utf8") for template in templates)

    case = documents.typecase((documents.PACKAGED,))

    assert case.families == ["Noto Sans SC"]
    assert {c for c in wording + "李䶮犇喆堃·〔〕" if ord(c) not in case.characters} <= {"\n"}


def test_font_folder_of_the_bureau_comes_first_and_lends_its_characters(settings, tmp_path):
    forge("Bureau Song", "\ue000", tmp_path / "song.ttf")
    forge("Bureau Song JP", "\ue001", tmp_path / "song-jp.ttf")
    settings.FONT_DIR = str(tmp_path)

    families = documents.typecase(documents.font_folders()).families
    missing = documents.missing_glyphs("韩\ue000\ue001")

    assert families[0] == "Bureau Song"
    assert missing == "\ue001"


def test_qr_code_is_the_address_and_has_a_name():
    drawn = documents.qr_svg(FACTS.verify_url)

    expected = segno.make(FACTS.verify_url, error="m", micro=False)

    assert dark_modules(drawn) == [[bool(module) for module in row] for row in expected.matrix]
    assert 'role="img"' in drawn
    assert "<title>核验二维码</title>" in drawn
    assert "style=" not in drawn


def forge(family, character, path):
    """A font of one black square."""
    pen = TTGlyphPen(None)
    for corner in [(0, 0), (0, 900), (900, 900), (900, 0)]:
        (pen.lineTo if pen.points else pen.moveTo)(corner)
    pen.closePath()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "square"])
    font.setupCharacterMap({ord(character): "square"})
    font.setupGlyf(dict.fromkeys([".notdef", "square"], pen.glyph()))
    font.setupHorizontalMetrics(dict.fromkeys([".notdef", "square"], (1000, 0)))
    font.setupHorizontalHeader(ascent=900, descent=-100)
    font.setupNameTable({"familyName": family, "styleName": "Regular", "psName": path.stem})
    font.setupOS2()
    font.setupPost()
    font.save(path)


def dark_modules(svg):
    """The matrix that the strokes of the drawing fill, without its margin of four."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg)[1]) - 8
    rows = [[False] * size for _ in range(size)]
    x = y = 0.0
    strokes = re.search(r'stroke="#18211f" d="(.*?)"', svg)[1]
    for verb, step, down in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", strokes):
        if verb == "h":
            rows[int(y) - 4][int(x) - 4 : int(x) - 4 + int(step)] = [True] * int(step)
        x, y = (float(step), float(down)) if verb == "M" else (x + float(step), y + float(down or 0))
    return rows
