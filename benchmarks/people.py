"""Experts by the thousand, written in bulk: only the benchmark may do that."""

from datetime import date

from django.db.models import prefetch_related_objects

from experts.directory import roll
from experts.models import Appointment, District, Expert, PublicField, Speciality, Topic
from expertteam import clock, consents
from expertteam.models import Consent, User
from recruitment.models import FormerImport, FormerRow

TERM = {"first_day": date(2026, 1, 1), "last_day": date(2028, 12, 31)}
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"
BIOGRAPHY = "在太原从事餐饮和零售{}年，先后帮助过{}家小店理清成本、办好贷款，熟悉街区客流与用工，也讲过创业培训课。"


def name(number: int) -> str:
    """Eight thousand different ones, one after the other."""
    return SURNAMES[number % 20] + GIVEN[number // 20 % 20] + GIVEN[number // 400 % 20]


def index(experts: list[Expert]):
    """What ``Expert.save`` does by itself."""
    prefetch_related_objects(experts, "specialities")
    for expert in experts:
        expert.reading, expert.search_text = expert.findable()
    Expert.objects.bulk_update(experts, ["reading", "search_text"], 500)


def number_of(expert: Expert) -> str:
    return f"测〔2026〕{expert.no}号"


def bring_in(experts: list[Expert], people: list[User]):
    """The import that the database asks for behind a term without a notice; it is seen by two people."""
    if not experts:
        return
    reader, _ = User.objects.get_or_create(username="reader")
    number = f"DR{experts[0].no}"
    record = FormerImport.objects.create(number=number, filename="bench", digest=f"{number:0>64}", read_by=reader)
    rows = [
        FormerRow(
            source=record,
            place=place,
            cells="{}",
            outcome="new",
            number=number_of(each),
            account_key=each.user_id,
            **TERM,
        )
        for place, each in enumerate(experts, 2)
    ]
    FormerRow.objects.bulk_create(rows, 1000)
    record.state, record.taken_by, record.taken_at = FormerImport.State.TAKEN, people[0], clock.now()
    record.save()


def appoint(experts: list[Expert], by: User):
    """A term for each, as that import brings it in."""
    Appointment.objects.bulk_create(
        [
            Appointment(
                expert=e, name=e.user.name, category=1 + i % 8, number=number_of(e), basis=Appointment.Basis.FORMER,
                decided_by=by, decided_at=clock.now(), **TERM,
            )
            for i, e in enumerate(experts)
        ],
        1000,
    )  # fmt: skip


def fill(total: int):
    """So many experts in term, with consent, one to three fields each; those who are missing are added."""
    numbers = range(Expert.objects.count(), total)
    people = User.objects.bulk_create([User(username=f"bench{n}", name=name(n), password="!") for n in numbers], 1000)
    districts, topics = list(District), list(Topic)
    experts = Expert.objects.bulk_create(
        [
            Expert(
                user=user,
                no=f"TY-{n:06d}",
                employer="太原某公司",
                line="帮小店看懂账",
                district=districts[n % 12],
                title="高级会计师",
                position="合伙人",
                biography=BIOGRAPHY.format(n % 30, n % 70),
                public_fields=list(PublicField),
            )
            for n, user in zip(numbers, people, strict=True)
        ],
        1000,
    )
    Speciality.objects.bulk_create(
        [Speciality(expert=e, topic=topics[(i + k) % 8]) for i, e in enumerate(experts) for k in range(1 + i % 3)], 2000
    )
    index(experts)
    bring_in(experts, people)
    appoint(experts, people[0])
    for text in (consents.TEXTS["public_directory"], consents.TEXTS["confidentiality"]):
        Consent.objects.bulk_create(
            [Consent(user=u, kind=text.kind, version=text.version, digest=text.digest) for u in people], 2000
        )
    roll.cache_clear()  # written in bulk, they left no history that would have told of them
