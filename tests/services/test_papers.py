"""评审抽取记录 on paper: what it says, to whom it is given, and that it keeps the names (Article 10(4))."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from tests import make
from tests.conftest import person
from tests.services import panels as on

NAMES = ["鹪鹩", "鸲鹟", "鹡鸰", "鸺鹠", "鹈鹕", "鸬鹚", "鹌鹑", "鹧鸪", "鸳鸯"]


@pytest.fixture
def drawn(db, today):
    for name in NAMES:
        make.make_expert(user=make.make_user(name=name))
    return on.drawn()


def taken(http, user, draw, status=200):
    make.sign_in(http, user)
    answer = http.get(reverse("services:draw_record", args=[draw.draw_id]))
    assert answer.status_code == status
    if status != 200:
        return ""
    pages = PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages
    return re.sub(r"\s", "", "".join(each.extract_text() for each in pages))


def test_the_record_says_how_it_was_drawn_and_keeps_the_names(http, drawn):
    text = taken(http, person("intake3", "intake"), drawn)

    for words in ["评审专家抽取记录", drawn.draw_id, "抽取条件", drawn.pool_root, "随机数", "记录指纹", drawn.record_hash,
                  "抽取结果", "席位类别代号姓名状态", "保密", "经办", "纪检监督"]:  # fmt: skip
        assert words in text
    assert [name for name in NAMES if name in text] == []


@pytest.mark.parametrize("role", ["intake", "reviewer", "leader", "inspector"])
def test_whoever_sees_the_draw_takes_its_record_from_its_page(http, drawn, role):
    reader = person(f"{role}3", role)

    assert "评审专家抽取记录" in taken(http, reader, drawn)
    page = http.get(reverse("services:draw", args=[drawn.draw_id]))
    assert reverse("services:draw_record", args=[drawn.draw_id]) in page.text


@pytest.mark.parametrize("role", ["matcher", "cashier", "admin", "client"])
def test_nobody_else_does(http, drawn, role):
    taken(http, person(f"{role}3", role), drawn, 403)
