"""The articles about services as pure functions, by subject."""

from services.rules import activity, pairing, request, service

__all__ = ["activity", "pairing", "request", "service"]
