"""The protocol ``draw/1`` as the server computes it: uniform, fixed by its inputs, one seat at a time (Article 10(4))."""

import random
from collections import Counter
from itertools import combinations

import pytest

from services import draw

DRAW_ID = "PS-2026-0042-R1"
# Bounds of chi-square with 19 degrees of freedom for p = 0.999 and p = 0.001, from the published tables.
LOW, HIGH = 5.407, 43.820


def pool_of(count, strata=("any",), employers=None):
    """So many members, each of his own employer unless there are fewer employers."""
    return [
        draw.Member(draw.digest("sha256", "t", str(n)), tuple(strata), draw.digest("sha256", "g", str(n % (employers or count))))
        for n in range(count)
    ]  # fmt: skip


def header_of(pool, need=(("any", 5),), algorithm="sha256"):
    """As the server fixes it, for two parties and no public value."""
    return {
        "v": "draw/1", "hash": algorithm, "draw_id": DRAW_ID, "frozen_at": "2026-05-12T10:00:00+08:00",
        "pool": draw.listed(pool), "pool_root": draw.pool_root(algorithm, pool), "excluded": [],
        "need": [list(each) for each in need],
        "parties": [{"role": role, "id": f"u{n}", "commit": "0" * 64} for n, role in enumerate(["operator", "inspector"])],
        "public": None,
    }  # fmt: skip


def drawn(header, n):
    """The panel for the n-th pair of secrets."""
    return [h for _, h in draw.Lots(header, {"operator": f"secret {n}", "inspector": "0" * 64}).drawn()]


def spread(counts, draws, seats, members):
    """Chi-square of how often each member was seated, corrected for seats drawn without putting back."""
    expected = draws * seats / members
    raw = sum((counts[each] - expected) ** 2 / expected for each in range(members))
    return raw * (members - 1) / (members * (1 - seats / members))


def neighbour_window(n):
    """The draw of a published system: five neighbours from a random place on."""
    first = random.Random(n).randrange(16)
    return range(first, first + 5)


def test_10_4_100_000_draws_are_uniform_and_a_window_of_neighbours_is_not():
    pool = pool_of(20)
    header, at = header_of(pool), {each.h: n for n, each in enumerate(sorted(pool))}
    fair, window = Counter(), Counter()

    for n in range(100_000):
        fair.update(at[h] for h in drawn(header, n))
        window.update(neighbour_window(n))

    assert LOW < spread(fair, 100_000, 5, 20) < HIGH
    assert spread(window, 100_000, 5, 20) > 1000 * HIGH


def test_10_4_no_two_members_are_drawn_together_more_often_than_others():
    pool = pool_of(7)
    header, pairs = header_of(pool, need=(("any", 3),)), Counter()

    for n in range(14_000):
        pairs.update(combinations(sorted(drawn(header, n)), 2))

    assert len(pairs) == 21  # every pair, each 2,000 times if all are alike
    assert 1800 < min(pairs.values()) <= max(pairs.values()) < 2200


def test_10_4_one_of_an_employer_and_the_lowest_tickets_of_the_rest():
    pool = pool_of(12, employers=6)
    header = header_of(pool)
    employer = {each.h: each.g for each in pool}

    seated = [drawn(header, n) for n in range(200)]

    assert all(len({employer[h] for h in panel}) == 5 for panel in seated)
    lots = draw.Lots(header, {"operator": "secret 0", "inspector": "0" * 64})
    assert seated[0][0] == lots.queue("any")[0]


@pytest.mark.parametrize("gone", range(5))
def test_10_4_a_stand_down_moves_exactly_one_seat(gone):
    header = header_of(pool_of(12))
    lots = draw.Lots(header, {"operator": "a" * 64, "inspector": "b" * 64})
    before = lots.drawn()
    skip = draw.StoodDown(before[gone][1], "declined", ("u1", "u2"), "2026-05-12T12:00:00+08:00")

    after = lots.after([skip])

    assert [n for n in range(5) if before[n] != after[n]] == [gone]
    assert after[gone][1] == lots.queue("any")[5]


def test_10_4_where_nobody_is_left_the_seat_is_vacant():
    header = header_of(pool_of(5))
    lots = draw.Lots(header, {"operator": "a" * 64, "inspector": "b" * 64})
    first = lots.drawn()[0][1]

    after = lots.after([draw.StoodDown(first, "declined", ("u1", "u2"), "2026-05-12T12:00:00+08:00")])

    assert after[0] == ["any", draw.VACANT]


@pytest.mark.parametrize("changed", ["operator", "inspector", "value", "header"])
def test_10_4_every_input_decides(changed):
    header, reveals, value = header_of(pool_of(30)), {"operator": "a" * 64, "inspector": "b" * 64}, "03 07"
    before = draw.Lots(header, reveals, value)

    if changed == "header":
        header = header | {"frozen_at": "2026-05-12T10:00:01+08:00"}
    after = draw.Lots(
        header, reveals | ({changed: "c" * 64} if changed in reveals else {}), "03 08" if changed == "value" else value
    )  # fmt: skip

    assert before.seed != after.seed
    assert before.drawn() != after.drawn()


def test_10_4_a_hash_covers_lengths_so_that_parts_cannot_flow_into_each_other():
    assert draw.digest("sha256", "ab", "c") != draw.digest("sha256", "a", "bc")


def test_10_4_a_known_draw_stays_what_it_was():
    """Written out once; a change of the protocol's bytes is seen here."""
    assert draw.digest("sha256", "member", DRAW_ID, "TY-0007", "person:TY-0007", "00" * 16) == (
        "e9af3db9a0bb4fb0e5025251da0c9b9688a84ec55e34a86a834347a1fbe61b92"
    )
    assert draw.digest("sm3", "member", DRAW_ID, "TY-0007", "person:TY-0007", "00" * 16) == (
        "7298b97e94ba5abf9432449fd600e4dc2c95308940115eaba526997ecfc0926a"
    )
