from payments.models.bank import BankResult, BankReturn, ReturnRow
from payments.models.batch import Batch, Export, Payout
from payments.models.claim import Claim, Correction, Income, Line
from payments.models.payee import BankAccount, Payee
from payments.models.rates import ActivityKind, Rate, RateSchedule, ScheduleFile, Tier

__all__ = [
    "ActivityKind",
    "BankAccount",
    "BankResult",
    "BankReturn",
    "Batch",
    "Claim",
    "Correction",
    "Export",
    "Income",
    "Line",
    "Payee",
    "Payout",
    "Rate",
    "RateSchedule",
    "ReturnRow",
    "ScheduleFile",
    "Tier",
]
