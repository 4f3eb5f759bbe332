"""A paper as the answer to a request."""

import io
from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import redirect

from expertteam.documents import MissingGlyph


def handed_over(request, made: Callable[[], bytes], filename: str, back) -> HttpResponseBase:
    """The PDF to keep; where a font lacks a character, the page to go ``back`` to says so."""
    try:
        pdf = io.BytesIO(made())
    except MissingGlyph as lacking:
        messages.error(request, str(lacking))
        return redirect(back)
    return FileResponse(pdf, as_attachment=True, filename=filename, content_type="application/pdf")
