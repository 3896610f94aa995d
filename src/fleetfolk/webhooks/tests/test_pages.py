"""The dialog in which a webhook is added."""

from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn
from fleetfolk.webhooks.models import Webhook


def test_a_wrong_address_is_said_together_with_what_else_is_missing(cast: Cast, signed_in: SignedIn) -> None:
    said = {"name": "CRM", "url": "http://10.0.0.1/hook"}
    answer = signed_in(cast.ada).post("/settings/webhooks/new/", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Only an https address of a public host" in page
    assert "Choose what it is told of." in page
    assert not Webhook.objects.exists()
