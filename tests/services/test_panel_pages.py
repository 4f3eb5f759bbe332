import pytest
from django.urls import reverse
from expertteam import clock
from services.models import *
from tests.make import sign_in
from tests.services import panels as on
pytestmark = pytest.mark.usefixtures("db","today")
def test_a(http):
    it=on.drafted(); on.experts(9)
    sign_in(http,on.operator())
    for n in ("panels","draft_panel"):
        r=http.get(reverse(f"services:{n}")); assert r.status_code==200
    for n in ("panel","revise_panel","add_project_panel","freeze_panel","drop_project_panel","choose_panel","record_recusal_panel"):
        r=http.get(reverse(f"services:{n}",args=[it.pk])); assert r.status_code==200,n
    assert http.get("/admin/").status_code==200
    sign_in(http,on.inspector())
    for n in ("panel","halt_panel","take_seat_panel"):
        r=http.get(reverse(f"services:{n}",args=[it.pk])); assert r.status_code==200,n
    assert http.get("/admin/").status_code==200
