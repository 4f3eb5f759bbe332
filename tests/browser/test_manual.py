"""The pictures of the staff manual can be taken: what they show is where the manual says."""

import pytest

from expertteam import manual
from expertteam.management.commands.manual_shots import take

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    "shot", [pytest.param(each, id=each.name) for page in manual.pages().values() for each in page.shots]
)
def test_a_picture_can_be_taken_anew(shot, regular, tmp_path):
    take(regular(shot.by).page, shot, tmp_path)

    assert (tmp_path / f"{shot.name}.png").stat().st_size > 10_000
