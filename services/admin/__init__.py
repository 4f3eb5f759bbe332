"""The registers of services, by subject: written by acts alone, read here."""

from services.admin import events, panels, requests

__all__ = ["events", "panels", "requests"]
