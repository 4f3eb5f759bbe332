"""The office's registers of services: written by acts alone, read here."""

from services import admin_events

__all__ = ["admin_events"]
