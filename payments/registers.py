"""What pay adds to the floors below, and what the side menu counts of it."""

from experts import desk
from expertteam.context import COUNTS
from payments import account_rows, today
from payments import desk as own

desk.NAV[-1:-1] = [desk.Entry("payments:pay", "报酬", "i-doc")]
desk.SECTIONS.append(own.section)
COUNTS["payments:batches"] = today.waiting
COUNTS["payments:accounts"] = account_rows.waiting
