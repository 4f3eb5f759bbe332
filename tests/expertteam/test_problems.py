"""What is shown when something goes wrong."""

import pytest

from expertteam import problems

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("view", "status", "heading"),
    [
        (problems.bad_request, 400, "这个请求没看懂"),
        (problems.forbidden, 403, "这里需要另外的权限"),
        (problems.too_many, 429, "操作太快了"),
    ],
)
def test_what_went_wrong_is_said(rf, view, status, heading):
    response = view(signed_out(rf))

    assert (response.status_code, heading in response.content.decode()) == (status, True)


@pytest.mark.parametrize(("view", "status"), [(problems.server_error, 500), (problems.unavailable, 503)])
def test_a_breakdown_page_needs_no_database(rf, view, status, django_assert_num_queries, settings):
    with django_assert_num_queries(0):
        response = view(rf.get("/"))

    assert response.status_code == status
    assert settings.SITE["phone"] in response.content.decode()


def signed_out(rf):
    request = rf.get("/")
    request.user, request._messages = None, []
    return request
