from __future__ import annotations

import pytest
from tests.building import someone
from tests.building_year import small_year

from duban.domain.posts import PostRole

pytestmark = pytest.mark.django_db

UNIT = {PostRole.LIAISON, PostRole.PRINCIPAL, PostRole.DEPUTY, PostRole.HANDLER}


@pytest.mark.parametrize("until", ["published", "determined"])
def test_every_link_of_the_navigation_opens_for_whoever_sees_it(as_, until):
    year = small_year(until)
    answers, helped = {}, set()
    for role in PostRole:
        client = as_(someone(role, year.unit("市民政局") if role in UNIT else year.government))
        page = client.get("/help/")
        links = [link.address for _, group in page.context["frame"].groups for link in group]
        answers |= {(role, address): client.get(address, follow=True).status_code for address in links}
        helped |= {role} if "/help/" in links else set()

    assert {key: status for key, status in answers.items() if status != 200} == {}
    assert helped == set(PostRole)
