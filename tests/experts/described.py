"""Whether an answer of the API is one that its description knows."""

import json
import re

import jsonschema

from experts import openapi
from expertteam.programs import API

CHECK = jsonschema.Draft202012Validator


def operation(method: str, path: str) -> dict:
    """How the description has what was asked; the fixed addresses come before those with a number in them."""
    inside = path.removeprefix(API.rstrip("/")).partition("?")[0]
    for known in sorted(openapi.PATHS, key=lambda each: "{" in each):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", known), inside):
            return openapi.PATHS[known][method.lower()]
    raise AssertionError(f"not described: {path}")


def check(response, method: str, path: str):
    """Fail unless this status, this type and this content are described; returns the content."""
    answers = operation(method, path)["responses"]
    status = str(response.status_code)
    assert status in answers, f"{method} {path}: {status} {response.content.decode()}"
    content = answers[status].get("content")
    if not content:
        assert not response.content
        return None
    kind, said = next(iter(content.items()))
    assert response["Content-Type"] == kind
    found = json.loads(response.content)
    schema = said["schema"] | {"components": {"schemas": openapi.SCHEMAS}}
    CHECK(schema).validate(found)
    return found
