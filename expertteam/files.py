"""Uploads: checked by content, kept outside the web root, served only to who may read them."""

import hashlib
import re
import secrets
from pathlib import PurePath

import filetype
from django.core.exceptions import ValidationError
from django.db import models
from django.http import FileResponse

from expertteam import clock

MEGABYTE = 1024 * 1024
MAX_BYTES = 10 * MEGABYTE
MAX_FILES = 10  # of one case
LOCKED = re.compile(rb"/Encrypt\s*(<<|\d+\s+\d+\s+R)")  # stands in clear, at either end of the file
TYPES = {
    "application/pdf": ("pdf", "PDF"),
    "image/jpeg": ("jpg", "照片"),
    "image/png": ("png", "照片"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx", "Word"),
}


def unguessable(instance, filename) -> str:
    """The stored name says nothing of the person and cannot be guessed."""
    return f"{clock.today():%Y%m}/{secrets.token_hex(16)}"


class StoredFile(models.Model):
    """A file somebody sent; its type is what its content is, whatever its name says."""

    file = models.FileField("文件", upload_to=unguessable)
    original_name = models.CharField("原文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("大小（字节）")
    digest = models.CharField("SHA-256", max_length=64)
    uploaded_at = models.DateTimeField("上传时间", default=clock.now)

    class Meta:
        abstract = True

    def __str__(self):
        return self.original_name


def examined(upload) -> dict:
    """The fields of a ``StoredFile`` for this upload, or ``ValidationError`` with what to do about it."""
    if upload.size > MAX_BYTES:
        raise ValidationError(f"文件太大（{upload.size // MEGABYTE + 1} MB，最多10 MB），可以用手机相册的“压缩”再试")
    if not upload.size:
        raise ValidationError("这是一个空文件，请重新选择")
    content = upload.read()
    upload.seek(0)
    kind = filetype.guess(content)
    if kind is None or kind.mime not in TYPES:
        raise ValidationError("只收照片（JPG、PNG）、PDF和Word文件（.docx）")
    if kind.mime == "application/pdf" and LOCKED.search(content):
        raise ValidationError("这个PDF加了密码，请取消密码后再传")
    return {
        "file": upload,
        "original_name": "".join(filter(str.isprintable, upload.name))[-200:] or "文件",
        "content_type": kind.mime,
        "size": upload.size,
        "digest": hashlib.sha256(content).hexdigest(),
    }


def served(stored: StoredFile) -> FileResponse:
    """The file as a download that no browser will run; the caller has asked who may read it.

    Its name ends as its content demands, so that a desktop opens it as nothing else.
    """
    name = f"{PurePath(stored.original_name).stem}.{TYPES[stored.content_type][0]}"
    response = FileResponse(stored.file.open("rb"), as_attachment=True, filename=name)
    response["Content-Type"] = stored.content_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
