"""Whom the rows of a former team mean: people the portal knows, terms it has, and what contradicts them (Article 15)."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from experts.models import Appointment, Expert
from expertteam.fields import blind
from expertteam.models import User
from recruitment.former_file import Row
from recruitment.models import FormerRow

Outcome = FormerRow.Outcome
ONCE = {"id_number": "证件号码", "phone": "手机号", "number": "聘书编号"}  # no two rows share one of these


class Match(NamedTuple):
    """A row with what it comes to: the account and the expert that are there already, or None."""

    row: Row
    outcome: str
    faults: dict[str, str]
    account: User | None
    expert: Expert | None


class Known:
    """All that the database has of the people and certificates of these rows, in as many queries for one as for all."""

    def __init__(self, rows: list[Row]):
        said = {name: {each.values[name] for each in rows if name in each.values} for name in ONCE}
        self.by_id = self.accounts("id_index", "identity", said["id_number"])
        self.by_phone = self.accounts("phone_index", "mobile", said["phone"])
        people = {each.pk for each in [*self.by_id.values(), *self.by_phone.values()]}
        self.experts = {each.user_id: each for each in Expert.objects.filter(user__in=people)}
        terms = Appointment.objects.filter(Q(number__in=said["number"]) | Q(expert__user__in=people))
        self.by_number, self.terms = {}, defaultdict(list)
        for term in terms.select_related("expert"):
            self.by_number[term.number] = term
            self.terms[term.expert.user_id].append(term)

    def accounts(self, field: str, purpose: str, said: Iterable[str]) -> dict[str, User]:
        """By what was typed, the accounts that have it."""
        wanted = {blind(each, purpose): each for each in said}
        return {wanted[getattr(each, field)]: each for each in User.objects.filter(**{f"{field}__in": wanted})}


def matched(rows: list[Row]) -> list[Match]:
    """Each row with what it comes to now."""
    known, first = Known(rows), {}
    for row in rows:
        for name in ONCE:
            if name in row.values:
                first.setdefault((name, row.values[name]), row.place)
    return [match(row, known, first) for row in rows]


def match(row: Row, known: Known, first: dict) -> Match:
    """One row; a person is known by the number of his paper, and the phone must not say otherwise."""
    faults = dict(row.faults)
    for name, title in ONCE.items():
        place = first.get((name, row.values.get(name)), row.place)
        if place != row.place:
            faults.setdefault(title, f"和第{place}行重复")
    if faults:
        return Match(row, Outcome.WRONG, faults, None, None)
    account, faults = whose(row.values, known)
    expert = account and known.experts.get(account.pk)
    there = known.by_number.get(row.values["number"])
    if not faults and there:
        if account and there.expert.user_id == account.pk and same_days(there, row.values):
            return Match(row, Outcome.KNOWN, {}, account, expert)
        faults["聘书编号"] = "这个编号的聘书已有，但人或聘期不一样，请核对"
    elif not faults and account and any(shares_days(term, row.values) for term in known.terms[account.pk]):
        faults["聘期首日"] = "和他已有的聘期重叠，请核对"
    return Match(row, Outcome.WRONG if faults else Outcome.NEW, faults, account, expert)


def whose(values: dict, known: Known) -> tuple[User | None, dict[str, str]]:
    """The account of this person, or why none can be his: nobody gets a term by having typed another's number.

    An account that knows another phone, another paper or another name than the table is left alone.
    """
    by_id, by_phone = known.by_id.get(values["id_number"]), known.by_phone.get(values["phone"])
    account = by_id or by_phone
    if by_id and by_id.phone and by_id != by_phone:
        return None, {"手机号": "这个证件号码的账号登记的是另一个手机号，请向本人核实"}
    if by_phone and account != by_phone or (by_phone and not by_id and by_phone.id_number):
        return None, {"手机号": "这个手机号的账号登记的是另一个证件号码，请向本人核实"}
    if account and account.name and account.name != values["name"]:
        return None, {"姓名": "和这个人的账号上的姓名不一样，请向本人核实"}
    if account and not account.is_active:
        return None, {"姓名": "这个人的账号已停用，请先核实"}
    return account, {}


def same_days(term: Appointment, values: dict) -> bool:
    return (term.first_day, term.last_day) == (values["first_day"], values["last_day"])


def shares_days(term: Appointment, values: dict) -> bool:
    """As the database looks at it: a term that was void before it began takes no time."""
    void = term.void_from
    if void and (void <= values["first_day"] or void <= term.first_day):
        return False
    return term.first_day <= values["last_day"] and values["first_day"] <= term.last_day
