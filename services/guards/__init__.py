"""What the database itself refuses, by subject."""

from services.guards import panels, services

__all__ = ["panels", "services"]
