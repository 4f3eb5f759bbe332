import io
import zipfile
from contextlib import closing
from datetime import date
from hashlib import sha256

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter

from expertteam import files
from recruitment import actions
from recruitment.models import Document, Evidence
from tests.make import PDF, course, make_application, make_objection, pdf

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(100)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


def upload(content, name="材料.pdf"):
    return SimpleUploadedFile(name, content)


def zipped(*names):
    """An archive with these files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 200)
    return packed.getvalue()


def encrypted(content=PDF):
    """A real PDF that asks for a password."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("geheim", algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


DOCX = zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (PDF, "application/pdf"),
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_honest_files_are_taken_for_what_they_are(content, expected):
    taken = files.examined(upload(content, "随便.txt"))

    assert (taken["content_type"], taken["size"], taken["digest"]) == (
        expected,
        len(content),
        sha256(content).hexdigest(),
    )


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"<html><script>alert(1)</script>", id="page named pdf"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="drawing with script"),
        pytest.param(b"MZ" + bytes(200), id="program"),
        pytest.param(b"#!/bin/sh\nrm -rf /", id="script"),
        pytest.param(b"GIF89a" + bytes(50), id="animation"),
        pytest.param(zipped("a.txt", "b.txt"), id="archive named docx"),
        pytest.param(zipped("[Content_Types].xml", "xl/workbook.xml"), id="spreadsheet"),
        pytest.param(b"just words", id="words"),
        pytest.param(b" " * 2000 + PDF, id="pdf behind something else"),
    ],
)
def test_everything_else_is_refused_whatever_its_name(content):
    with pytest.raises(ValidationError, match="只收照片"):
        files.examined(upload(content, "材料.docx"))


def test_an_empty_file_is_refused():
    with pytest.raises(ValidationError, match="空文件"):
        files.examined(upload(b""))


@pytest.mark.parametrize(("size", "taken"), [(10 * 1024 * 1024, True), (10 * 1024 * 1024 + 1, False)])
def test_ten_megabytes_is_the_limit(size, taken):
    large = upload(PDF + bytes(size - len(PDF)))

    if taken:
        assert files.examined(large)["size"] == size
    else:
        with pytest.raises(ValidationError, match=r"文件太大（11 MB，最多10 MB）"):
            files.examined(large)


def test_a_pdf_that_asks_for_a_password_is_refused():
    content = encrypted()
    assert PdfReader(io.BytesIO(content)).is_encrypted

    with pytest.raises(ValidationError, match="加了密码"):
        files.examined(upload(content))


def test_a_pdf_whose_encryption_is_named_at_its_front_is_refused():
    linearised = b"%PDF-1.5\ntrailer<</Root 1 0 R/Encrypt 5 0 R>>\n" + bytes(9000) + b"trailer<</Size 6>>\n%%EOF\n"

    with pytest.raises(ValidationError, match="加了密码"):
        files.examined(upload(linearised))


def test_the_upload_can_still_be_read_after_it_was_looked_at():
    sent = upload(PDF)

    files.examined(sent)

    assert sent.read() == PDF


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("身份证.pdf", "身份证.pdf"),
        ("../../etc/passwd", "passwd"),
        ("合同\u202efdp.exe", "合同fdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("\u202e\u200b", "文件"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_the_name_is_kept_without_what_deceives(name, kept):
    sent = upload(PDF)
    sent._name = name.rsplit("/", 1)[-1]

    assert files.examined(sent)["original_name"] == kept


def stored(content, name):
    return Document.objects.create(
        application=make_application(state="submitted"), kind="identity", **files.examined(upload(content, name))
    )


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("resume.pdf", 'attachment; filename="resume.pdf"'),
        ("resume.hta", 'attachment; filename="resume.pdf"'),
        ("resume.pdf.exe", 'attachment; filename="resume.pdf.pdf"'),
        ("resume", 'attachment; filename="resume.pdf"'),
        ('a";x=".html', 'attachment; filename="a\\";x=\\".pdf"'),
        ("简历.js", "attachment; filename*=utf-8''%E7%AE%80%E5%8E%86.pdf"),
    ],
)
def test_a_file_is_served_under_a_name_that_ends_as_its_content_demands(db, name, disposition):
    with closing(files.served(stored(PDF, name))) as response:
        assert response["Content-Disposition"] == disposition


def test_no_browser_runs_what_is_served(db):
    with closing(files.served(stored(PDF, "材料.pdf"))) as response:
        assert response["Content-Type"] == "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert response["Cache-Control"] == "private, no-store"
        assert b"".join(response.streaming_content) == PDF


def test_the_stored_name_says_nothing_and_lies_outside_the_web_root(db, settings):
    document = stored(PDF, "王芳身份证.pdf")

    folder, name = document.file.name.split("/")
    assert (len(folder), len(name), name.isalnum()) == (6, 32, True)
    assert not str(settings.MEDIA_ROOT).startswith(str(settings.STATIC_ROOT))
    assert not hasattr(settings, "MEDIA_URL") or settings.MEDIA_URL in ("", "/")
    assert str(document) == "王芳身份证.pdf"


def test_one_application_holds_ten_files(db):
    application = make_application()
    kinds = [f"kind{n}" for n in range(11)]
    for kind in kinds[:10]:
        actions.attach(application, by=application.applicant, kind=kind, upload=pdf())

    with pytest.raises(ValidationError, match="最多10个文件"):
        actions.attach(application, by=application.applicant, kind=kinds[10], upload=pdf())

    actions.attach(application, by=application.applicant, kind=kinds[0], upload=pdf())
    assert application.documents.current().count() == 10


def test_one_objection_brings_ten_files(intake, reviewer, today):
    it = course(intake=intake, reviewer=reviewer, released=date(2026, 2, 27))

    with pytest.raises(ValidationError, match="最多10个文件"):
        make_objection(it.candidate, files=[pdf()] * 11)

    make_objection(it.candidate, files=[pdf() for _ in range(10)])
    assert Evidence.objects.count() == 10
