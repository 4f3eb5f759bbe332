"""The articles about services as pure functions, by subject."""

from services.rules import request, service

__all__ = ["request", "service"]
