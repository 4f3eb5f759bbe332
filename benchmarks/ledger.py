"""The thresholds of Article 12 and everybody's workload on a million services, against plain SQL of the same run.

Two in five services are rated.  Of 3,000 experts each has an entry or two on either ground; twenty reach each of
them, and three hundred have three refusals that no one year holds.
"""

from datetime import date, timedelta

from django.db import connection

from benchmarks.measure import medians, report
from benchmarks.people import fill
from evaluations import thresholds, workload
from evaluations.models import Rating, RatingCase, Refusal, Strike
from experts.models import Expert
from expertteam import clock
from expertteam.models import User
from services.models import Service

EXPERTS, SERVICES = 3000, 1_000_000
FIRST, DAYS = date(2026, 3, 1), 1096  # the term of everybody
ON, YEAR = date(2029, 2, 1), (date(2028, 1, 1), date(2028, 12, 31))
SERIES = f"(WITH RECURSIVE c(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM c WHERE i < {SERVICES - 1}) SELECT i FROM c) i"
RATED = "(i.i / 3000) %% 5 IN (0, 2)"
POOR = "(i.i / 3000) IN (50, 150, 250)"
REACHED = """
    SELECT s.expert_id FROM evaluations_strike s JOIN experts_appointment a ON a.id = s.appointment_id
    WHERE s.ground = '12(2)' AND s.state IN ('standing', 'maintained') AND s.day BETWEEN a.first_day AND a.last_day
      AND a.first_day <= %s AND a.last_day >= %s AND (a.void_from IS NULL OR a.void_from > %s)
    GROUP BY s.expert_id HAVING COUNT(DISTINCT s.service_id) >= 3
    UNION
    SELECT expert_id FROM (
        SELECT expert_id, day, lag(day, 2) OVER (PARTITION BY expert_id ORDER BY day) AS earlier
        FROM evaluations_strike WHERE ground = '12(3)' AND state IN ('standing', 'maintained')) e
    WHERE day < {anniversary}"""
WORK = """
    SELECT expert_id, SUM(CASE WHEN counts AND kind IN ('consulting', 'guidance') AND length >= 30 THEN 1 ELSE 0 END),
      SUM(CASE WHEN counts THEN length ELSE 0 END), SUM(CASE WHEN counts AND kind = 'activity' THEN 1 ELSE 0 END),
      SUM(CASE WHEN counts AND kind = 'review' THEN 1 ELSE 0 END), SUM(CASE WHEN late THEN 1 ELSE 0 END)
    FROM (SELECT expert_id, kind, late, COALESCE(ruled_minutes, minutes) AS length,
            state IN ('confirmed', 'verified', 'ruled') AS counts
          FROM services_service
          WHERE state NOT IN ('draft', 'rejected') AND started_at >= %s AND started_at < %s) s GROUP BY expert_id"""
RATINGS = """
    SELECT r.expert_id, r.grade, COUNT(*) FROM evaluations_rating r JOIN services_service s ON s.id = r.service_id
    LEFT JOIN evaluations_ratingcase c ON c.rating_id = r.id
    WHERE r.state = 'given' AND r.channel = 'link' AND COALESCE(c.finding, '') NOT IN ('mistaken', 'malicious')
      AND s.started_at >= %s AND s.started_at < %s GROUP BY r.expert_id, r.grade"""


def entries():
    """Ground, number of the expert, round of the service, number of the day: of every entry of the ledger."""
    for times, people in enumerate([range(EXPERTS), range(2000), range(20)]):
        yield from (("12(2)", n, 50 + 100 * times, 3 * (50 + 100 * times) + n % 3) for n in people)
    for days, people in [
        (0, range(EXPERTS)),
        (380, range(2000)),
        (760, range(100, 400)),
        (30, range(20)),
        (60, range(20)),
    ]:
        yield from (("12(3)", n, None, days + n % 90) for n in people)


def lay_out():
    """What the rows are made from: the days with their two o'clock, the experts by number, the entries."""
    at = connection.ops.adapt_datetimefield_value
    days = [(n, day, at(clock.instant(day, 14))) for n in range(DAYS) for day in [FIRST + timedelta(days=n)]]
    terms = Expert.objects.order_by("pk").values_list("pk", "appointments")[:EXPERTS]
    tables = {
        "day_of (n BIGINT PRIMARY KEY, day DATE, at TIMESTAMP WITH TIME ZONE)": days,
        "expert_of (n BIGINT PRIMARY KEY, expert BIGINT, term BIGINT)": [(n, *each) for n, each in enumerate(terms)],
        "entry_of (k BIGINT PRIMARY KEY, ground TEXT, n BIGINT, j BIGINT, day BIGINT)": [
            (k, *each) for k, each in enumerate(entries(), 1)
        ],
    }
    with connection.cursor() as cursor:
        for table, rows in tables.items():
            cursor.execute(f"CREATE TEMPORARY TABLE {table}")
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table.split()[0]} VALUES ({marks})", rows)


def multiply(pattern, source: str, **columns):
    """Rows like this one, one for each row of ``source``, with these columns worked out from it."""
    kept = [field for field in pattern._meta.concrete_fields if field.column not in columns]
    values = [field.get_db_prep_save(field.pre_save(pattern, add=True), connection) for field in kept]
    names = ", ".join(f'"{each}"' for each in [*(field.column for field in kept), *columns])
    chosen = ", ".join(["%s"] * len(kept) + list(columns.values()))
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {pattern._meta.db_table} ({names}) SELECT {chosen} FROM {source}", values)


def fill_services(by: User):
    held = clock.instant(FIRST, 14)
    multiply(
        Service(state="confirmed", minutes=60, logged_at=held, confirmed_via="link", confirmed_at=held, created_by=by,
                topics=["finance"]),
        f"{SERIES} JOIN expert_of e ON e.n = i.i %% {EXPERTS} JOIN day_of d ON d.n = 3 * (i.i / {EXPERTS}) + i.i %% 3",
        id="i.i + 1", expert_id="e.expert", started_at="d.at", phone="'x'", phone_index="CAST(i.i %% 70001 AS TEXT)",
    )  # fmt: skip
    multiply(
        Rating(state="given", channel="link", until=held, made_at=held, given_at=held),
        f"{SERIES} JOIN expert_of e ON e.n = i.i %% {EXPERTS} WHERE {RATED}",
        id="i.i + 1", service_id="i.i + 1", expert_id="e.expert", grade=f"CASE WHEN {POOR} THEN 1 ELSE 5 - i.i %% 3 END",
    )  # fmt: skip


def fill_ledger(by: User):
    """The poor ratings found to be attitude, what was refused without reason, and their entries."""
    held, service = clock.instant(FIRST, 14), f"x.n + {EXPERTS} * x.j + 1"
    other = User.objects.exclude(pk=by.pk).first()
    source = "entry_of x JOIN expert_of e ON e.n = x.n JOIN day_of d ON d.n = x.day WHERE x.ground = '{}'"
    attitude, refused = source.format("12(2)"), source.format("12(3)")
    found = {"reasons": "x", "found_by": by, "found_at": held}
    multiply(
        RatingCase(state="closed", call_due=FIRST, statement_due=FIRST, finding="upheld_attitude", **found),
        attitude, id="x.k", number="CAST(x.k AS TEXT)", rating_id=service,
    )  # fmt: skip
    judged = {"finding": "no_reason", "reasons": "x", "judged_by": by, "judged_at": held}
    multiply(
        Refusal(state="judged", kind="other", asked_by=other, asked_at=held, **judged),
        refused, id="x.k", number="CAST(x.k AS TEXT)", expert_id="e.expert", day="d.day",
    )  # fmt: skip
    own = {
        "id": "x.k",
        "number": "CAST(x.k AS TEXT)",
        "expert_id": "e.expert",
        "appointment_id": "e.term",
        "day": "d.day",
    }
    entry = {"found_by": by, "found_at": held, "appeal_until": FIRST}
    multiply(Strike(ground="12(2)", **entry), attitude, **own, case_id="x.k", service_id=service)
    multiply(Strike(ground="12(3)", **entry), refused, **own, refusal_id="x.k")


def plainly(*statements):
    """These read by cursor, and nothing done with the rows."""

    def read():
        with connection.cursor() as cursor:
            for statement, values in statements:
                cursor.execute(statement, values)
                found = cursor.fetchall()
        return found

    return read


def run():
    fill(EXPERTS)
    by = User.objects.create_user("bench-finder", name="审核", is_staff=True)
    lay_out()
    fill_services(by)
    fill_ledger(by)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sqlite = connection.vendor == "sqlite"
    anniversary = "date(earlier, '+1 year')" if sqlite else "earlier + interval '1 year'"
    swept = plainly((REACHED.format(anniversary=anniversary), [ON, ON, ON]))
    assert {each.expert.pk for each in thresholds.reached(ON)} == {expert for (expert,) in swept()}
    took = medians(15, ours=lambda: thresholds.reached(ON), plain=swept)
    report("threshold sweep, 1M services", took["ours"], took["plain"], 2)
    ends = [clock.instant(YEAR[0]), clock.instant(YEAR[1] + timedelta(days=1))]
    read = plainly((WORK, ends), (RATINGS, ends))
    took = medians(3, ours=lambda: workload.of_all(*YEAR), plain=read)
    report("a year's workload of 3,000, 1M services", took["ours"], took["plain"], 2)
