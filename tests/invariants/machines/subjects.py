"""The six machines: what each lives in, where it begins, and how much of it has to be reached."""

from datetime import date

from evaluations.models import Assessment, Dismissal, Honour, Rating, RatingCase, Refusal, Report, Strike
from experts.models import PartnerKey
from expertteam import clock
from expertteam.models import AccountChange, RoleGrant
from payments.models import BankAccount, BankReturn, Batch, Correction, RateSchedule
from recruitment.models import Application, Document, FormerImport, Notice, Objection
from services.actions.handover import discontinue, give_up_time, let_go
from services.actions.service import bear_out
from services.models import (
    Activity,
    ActivityRole,
    Choice,
    Draw,
    Halt,
    Offer,
    Pairing,
    RecusalRequest,
    ReviewPanel,
    ScoreSheet,
    Seat,
    Service,
    ServiceRequest,
    SignUp,
)
from tests.invariants.machines import beginnings
from tests.invariants.machines.life import Subject
from tests.invariants.machines.seeds.everything import everything
from tests.invariants.machines.seeds.exits import JANUARY, exit_
from tests.invariants.machines.seeds.pay import money
from tests.invariants.machines.seeds.reviews import reviews
from tests.invariants.machines.seeds.selection import selection
from tests.invariants.machines.seeds.service import service

SELECTION = Subject(
    "selection", [RoleGrant, AccountChange, PartnerKey, Application, Document, FormerImport, Notice, Objection],
    beginnings.SELECTION, selection,
    clock.instant(date(2026, 12, 25), 9), steps=3500,
)  # fmt: skip
SERVICE = Subject(
    "service", [ServiceRequest, Offer, Service, Activity, ActivityRole, SignUp, Pairing, Rating], beginnings.SERVICE,
    service, clock.instant(date(2026, 3, 2), 17), steps=4000,
)  # fmt: skip
REVIEWS = Subject(
    "reviews", [ReviewPanel, Seat, Draw, Choice, ScoreSheet, Halt, RecusalRequest], beginnings.REVIEWS, reviews,
    clock.instant(date(2026, 3, 3), 10), steps=4000, also=(bear_out,),
)  # fmt: skip
EXIT = Subject(
    "exit", [Dismissal, Strike, Refusal, Report, Rating, RatingCase, Assessment, Honour], beginnings.EXIT, exit_,
    JANUARY, steps=4500, also=(let_go, discontinue, give_up_time),
)  # fmt: skip
MONEY = Subject(
    "money", [BankAccount, Batch, BankReturn, Correction, RateSchedule], beginnings.PAY, money,
    clock.instant(date(2026, 3, 31), 9), steps=2500,
)  # fmt: skip
ALL = Subject(
    "all",
    list(dict.fromkeys([*SELECTION.models, *SERVICE.models, *REVIEWS.models, *EXIT.models, *MONEY.models])),
    beginnings.EVERYTHING, everything, clock.instant(date(2026, 3, 2), 17), steps=1500,
)  # fmt: skip
SUBJECTS = [SELECTION, SERVICE, REVIEWS, EXIT, MONEY, ALL]
