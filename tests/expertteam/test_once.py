"""A form counts once; with a used key and other words it is refused."""

import pytest

from expertteam.models import Submission
from expertteam.once import once
from expertteam.regulation import Refused

pytestmark = pytest.mark.django_db


def test_a_repeat_gets_the_first_answer_and_does_nothing():
    done = []

    def act():
        done.append("done")
        return f"/book/done/{len(done)}/"

    answers = [once("key-1", {"name": "刘小满"}, act) for _ in range(3)]

    assert (answers, done) == (["/book/done/1/"] * 3, ["done"])


def test_another_key_counts_anew():
    assert [once(key, {"name": "刘小满"}, lambda key=key: key) for key in ("a", "b")] == ["a", "b"]


def test_other_words_with_a_used_key_are_refused():
    once("key-1", {"minutes": 60}, lambda: "/done/")

    with pytest.raises(Refused, match="已经提交过别的内容"):
        once("key-1", {"minutes": 90}, lambda: "/done/")


def test_members_in_another_order_are_the_same_words():
    once("key-1", {"name": "刘小满", "consents": {"advice": "1", "privacy": "2"}}, lambda: "/done/")

    assert once("key-1", {"consents": {"privacy": "2", "advice": "1"}, "name": "刘小满"}, lambda: "/again/") == "/done/"


def test_an_act_that_fails_gives_the_key_back():
    def fails():
        raise Refused("这个时间刚被别人约走了")

    with pytest.raises(Refused, match="约走"):
        once("key-1", {"slot": 1}, fails)

    assert not Submission.objects.exists()
    assert once("key-1", {"slot": 2}, lambda: "/done/") == "/done/"
