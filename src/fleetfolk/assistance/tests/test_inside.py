"""An assistance, request by request: what it shows, what it refuses, how it ends."""

from fleetfolk.assistance.tests.scenes import Scene


def test_the_agent_sees_the_customers_own_page(viewing: Scene) -> None:
    page = viewing.get()
    assert page.status_code == 200
    assert "Carl" in page.content.decode()
    assert "ff-assistbar" in page.content.decode()
