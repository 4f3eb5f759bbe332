"""What a client has confided is read by nobody else than those whose matter it is (Article 4)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import ProtectedError

from experts.models import Appointment
from expertteam import clock
from expertteam.models import STAFF_ROLES
from expertteam.workflow import LINK
from services import access, actions
from services.models import Offer, Reading, ServiceRequest, ServiceRequestGrant
from tests import make
from tests.conftest import person
from tests.make import THURSDAY, make_arranged, make_expert, make_offer, make_offered, make_request

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
WHY = "查看已接受的预约"
QUESTION = "担保贷款和合伙出资怎么搭配？"
S = ServiceRequest.State
# Who reads in which state; the client always does, everybody else never.
READERS = {
    S.SUBMITTED: {"matcher"},
    S.OFFERED: {"matcher"},
    S.ACCEPTED: {"expert"},
    S.ARRANGED: {"expert"},
    S.HELD: {"expert"},
    S.CONFIRMED: set(),
    S.RATED: set(),
    S.UNPLACED: set(),
    S.CANCELLED: set(),
    S.CLIENT_ABSENT: set(),
}
ACTORS = ["client", "expert", "matcher", "another expert", "whoever declined", "stranger", "former"]
ACTORS += sorted(STAFF_ROLES - {"matcher"})
OFFER = {S.OFFERED: "offered", S.ACCEPTED: "accepted", S.ARRANGED: "accepted", S.HELD: "done", S.CONFIRMED: "done"}
OFFER |= {S.RATED: "done", S.CANCELLED: "withdrawn", S.CLIENT_ABSENT: "client_absent"}


@pytest.fixture
def own(expert, matcher):
    return make_expert(user=expert)


def situation(state, expert, client):
    """A request in this state with the offers that led there, and the grant where the verbs leave one."""
    matched = state in (S.ACCEPTED, S.ARRANGED, S.HELD, S.CONFIRMED, S.RATED)
    request = make_request(state, client=client, **({"expert": expert} if matched else {}))
    if state in OFFER:
        make_offer(OFFER[state], request=request, expert=expert)
    if state in (S.ACCEPTED, S.ARRANGED, S.HELD):
        access.grant(request, expert)
    return request


def people(own, request):
    """Everybody who could want to read."""
    declined = make_expert()
    make_offer("declined", request=request, expert=declined)
    former = make_expert(first_day=date(2023, 2, 1))
    return {
        "client": lambda: request.client,
        "expert": lambda: own.user,
        "another expert": lambda: make_expert().user,
        "whoever declined": lambda: declined.user,
        "former": lambda: former.user,
        "stranger": lambda: person("nobody"),
        "matcher": lambda: person("matching", "matcher"),
    }


@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize("state", [pytest.param(state, id=state) for state in S])
def test_4_the_matter_is_read_by_its_own_people_alone(own, client, state, who):
    request = situation(state, own, client)
    reader = people(own, request).get(who, lambda: person("officer", who))()
    reads = who == "client" or who in READERS[state]

    if reads:
        assert access.matter(request, reader, WHY).question == QUESTION
    else:
        with pytest.raises(PermissionDenied):
            access.matter(request, reader, WHY)

    entered = [(each.reader, each.why, each.read_at) for each in Reading.objects.all()]
    assert entered == ([(reader, WHY, clock.now())] if reads and who != "client" else [])


def test_the_table_names_every_state():
    assert set(READERS) == set(S)


@pytest.mark.parametrize("state", [S.ACCEPTED, S.ARRANGED, S.HELD])
@pytest.mark.parametrize("missing", ["grant", "offer", "term"])
def test_4_a_grant_an_offer_and_a_term_only_all_three_open_it(own, client, state, missing):
    request = situation(state, own, client)
    if missing == "grant":
        access.revoke(request)
    if missing == "offer":
        elsewhere = make_request()
        Offer.objects.update(request=elsewhere)
    if missing == "term":
        make.end_early(Appointment.objects.filter(expert=own), date(2026, 3, 2))

    with pytest.raises(PermissionDenied):
        access.matter(request, own.user, WHY)

    assert not Reading.objects.exists()


@pytest.mark.parametrize("state", [pytest.param(state, id=state) for state in S if not READERS[state] & {"expert"}])
def test_4_a_grant_left_behind_opens_nothing(own, client, state):
    request = situation(state, own, client)
    access.grant(request, own)

    with pytest.raises(PermissionDenied):
        access.matter(request, own.user, WHY)


def test_4_a_person_reads_each_time_anew(own):
    request = make_arranged(own)

    for _ in range(3):
        access.matter(request, own.user, WHY)

    assert Reading.objects.filter(request=request, reader=own.user).count() == 3


def test_4_along_the_whole_course_there_is_a_grant_from_match_to_close_and_none_before_or_after(own):
    grants = []
    offer = make_offered(own)
    grants.append(granted())
    actions.accept(offer, by=own.user)
    grants.append(granted())
    with clock.at(clock.instant(date(2026, 3, 5), 15)):
        service = actions.start_log(by=own.user, request=ServiceRequest.objects.get())
        actions.log(service, by=own.user, summary="讲了条件")
    grants.append(granted())
    actions.confirm(service, by=LINK)
    grants.append(granted())

    assert grants == [[], [own.user], [own.user], []]
    assert ServiceRequest.objects.get().state == "confirmed"


@pytest.mark.parametrize("end", ["take_back", "stand_down", "cancel", "report_absence", "report_client_absent"])
def test_4_every_way_out_takes_the_grant_away(own, intake, end):
    request = make_arranged(own)
    offer = request.offers.get()
    with clock.at(THURSDAY) if end.startswith("report") else clock.at(clock.now()):
        if end == "cancel":
            actions.cancel(request, by=intake)
        elif end == "report_absence":
            actions.report_absence(offer, by=intake, reason="")
        else:
            said = {"reason_kind": "ill"} if end == "stand_down" else {}
            getattr(actions, end)(offer, by=own.user, **said)

    assert granted() == []


def granted():
    return [grant.user for grant in ServiceRequestGrant.objects.all()]


@pytest.mark.parametrize(("who", "address"), [("client", "平阳路1号"), ("expert", "平阳路1号"), ("matcher", "")])
def test_10_3_the_address_is_for_the_matched_expert_alone(own, client, who, address):
    state = S.SUBMITTED if who == "matcher" else S.ARRANGED
    request = situation(state, own, client)
    request.place, request.address = "visit", "平阳路1号"
    reader = {"client": client, "expert": own.user, "matcher": person("matching", "matcher")}[who]

    assert access.matter(request, reader, WHY).address == address


@pytest.mark.parametrize("concerned", ["account", "number"])
def test_4_a_matcher_does_not_read_as_an_officer_what_concerns_himself(own, concerned):
    officer = person("matching", "matcher", phone="13900000009")
    said = {"phone": "13900000009"} if concerned == "number" else {"client": officer}
    request = make_request(**said)

    assert access.standing(request, officer) == ("client" if concerned == "account" else "")


def test_4_a_former_expert_keeps_no_way_in_and_the_record_of_readings_stays(own):
    request = make_arranged(own)
    access.matter(request, own.user, WHY)

    with clock.at(date(2029, 3, 1)), pytest.raises(PermissionDenied):
        access.matter(request, own.user, WHY)

    assert Reading.objects.count() == 1
    with pytest.raises(ProtectedError):
        request.delete()


def test_requests_are_listed_for_the_expert_as_long_as_he_may_read_them(own, client, stranger):
    request = make_arranged(own, by=None)

    assert list(ServiceRequest.objects.visible_to(own.user)) == [request]
    assert not ServiceRequest.objects.visible_to(stranger).exists()
    assert not ServiceRequest.objects.visible_to(make_expert().user).exists()
    with clock.at(date(2029, 3, 1)):
        assert not ServiceRequest.objects.visible_to(own.user).exists()
