"""What is published of a draw: the sealed transcript at once, the names with it once the review is over (Article 10(4))."""

import json
from datetime import datetime

from experts.models import Appointment
from expertteam import clock
from services import draw as protocol
from services.models import Draw, PoolEntry, Seat


def stamp(moment: datetime) -> str:
    """An instant as the protocol writes it: Shanghai time, to the second, with its offset."""
    return clock.local(moment).isoformat(timespec="seconds")


def header_of(draw: Draw) -> dict:
    """All that is fixed before a secret is shown."""
    entries = list(draw.entries.all())
    return {
        "v": protocol.VERSION,
        "hash": draw.algorithm,
        "draw_id": draw.draw_id,
        "frozen_at": stamp(draw.frozen_at),
        "pool": protocol.listed(member(each) for each in entries if not each.why),
        "pool_root": draw.pool_root,
        "excluded": [{"h": each.h, "why": published(each)} for each in sorted(entries, key=by_hash) if each.why],
        "need": [[stratum, seats] for stratum, seats in draw.panel.need],
        "parties": [{"role": p.role, "id": p.ident, "commit": p.commitment} for p in draw.parties.all()],
        "public": public_of(draw),
    }


def public_of(draw: Draw) -> dict | None:
    """Which public value is waited for, and when it comes to be; nothing where the secrets alone decide."""
    if draw.profile == Draw.Profile.HERE:
        return None
    return {"source": draw.source, "issue": draw.issue, "due": stamp(draw.due_at)}


def member(entry: PoolEntry) -> protocol.Member:
    return protocol.Member(entry.h, tuple(entry.strata), entry.g)


def published(entry: PoolEntry) -> str:
    """Why somebody is out of the pool, as everybody may read it: of an open case nothing is said before it is decided."""
    return PoolEntry.Why.LEAVE if entry.why == PoolEntry.Why.SUSPENDED else entry.why


def by_hash(entry: PoolEntry) -> str:
    return entry.h


def reveals_of(draw: Draw) -> dict[str, str]:
    return {party.role: party.secret for party in draw.parties.all()}


def skips_of(draw: Draw) -> list[protocol.StoodDown]:
    """Who stood down, in the order in which it was signed for."""
    gone = draw.seats.filter(state=Seat.State.STOOD_DOWN).select_related("entry").order_by("stood_down_no")
    return [
        protocol.StoodDown(
            each.entry.h, each.why, (f"u{each.passed_by_id}", f"u{each.stood_down_by_id}"), stamp(each.stood_down_at)
        )
        for each in gone
    ]


def lots(draw: Draw) -> protocol.Lots:
    """The tickets of a draw whose secrets are all known."""
    return protocol.Lots(json.loads(draw.header), reveals_of(draw), draw.public_value)


def record(draw: Draw) -> dict:
    """The sealed transcript as it stands now."""
    return protocol.record(json.loads(draw.header), reveals_of(draw), draw.public_value, skips_of(draw))


def transcript(draw: Draw) -> dict:
    """What anybody may have: sealed while the names are secret, opened afterwards."""
    return record(draw) | ({"opened": opened(draw)} if draw.state == Draw.State.OPENED else {})


def opened(draw: Draw) -> dict:
    """Who was behind every code, in the pool and out of it."""
    who = {each.h: [each.expert.no, each.employer, each.salt] for each in draw.entries.select_related("expert")}
    return {"salt": draw.group_salt, "who": who}


def directory(draw: Draw) -> list[str]:
    """The numbers of all experts in term at the freeze, as they were read from their terms then."""
    return draw.directory


def in_term(moment: datetime) -> list[str]:
    """The numbers of all experts in term at that moment, from their terms and not from a pool."""
    terms = Appointment.objects.in_force(clock.local(moment).date())
    return sorted(set(terms.values_list("expert__no", flat=True)))
