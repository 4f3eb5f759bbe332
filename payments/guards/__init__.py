"""What the database itself refuses about pay, by subject (Article 13)."""

from payments.guards import batches, claims, payees, rates, returns

__all__ = ["batches", "claims", "payees", "rates", "returns"]
