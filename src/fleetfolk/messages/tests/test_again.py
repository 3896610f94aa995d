"""What is saved as it was, read twice, comes from nobody, or cannot be read at all."""

from typing import Any

import pytest

from fleetfolk.kernel import clock
from fleetfolk.kernel.action import CATALOGUE
from fleetfolk.kernel.outcome import Outcome
from fleetfolk.kernel.perform import perform
from fleetfolk.messages.models import Item
from fleetfolk.messages.pushmail.models import IncomingMail, MailState
from fleetfolk.testing.cast import Cast
from fleetfolk.testing.door import staging
from fleetfolk.testing.samples import SAMPLES
from fleetfolk.testing.samples_pushmail import RAW
from fleetfolk.testing.sampling import Sample
from fleetfolk.users.models import User


def done(code: str, sample: Sample) -> Outcome[Any]:
    """The sample, taken."""
    return perform(CATALOGUE[code], actor=sample.permitted, target_id=sample.target_id, data=sample.data)


@pytest.mark.parametrize("code", ["user.channels.edit", "pushmail.address.edit", "message.template.edit"])
def test_what_is_saved_as_it_was_changes_nothing(cast: Cast, code: str) -> None:
    sample = SAMPLES[code](cast)
    assert done(code, sample).changes
    assert not done(code, sample).changes


def test_a_message_is_read_once(cast: Cast) -> None:
    sample = SAMPLES["user.message.read"](cast)
    done("user.message.read", sample)
    first = Item.objects.get(pk=sample.data.item_id).read_at
    done("user.message.read", sample)
    assert first is not None
    assert Item.objects.get(pk=sample.data.item_id).read_at == first


def test_a_message_of_somebody_who_is_gone_goes_to_nobody_more(cast: Cast) -> None:
    sample = SAMPLES["message.items.create"](cast)
    with staging():
        User.objects.filter(pk=cast.ada.pk).update(disabled_at=clock.now())
    assert done("message.items.create", sample).facts == {"people": 0}
    assert not Item.objects.exists()
    with staging():
        User.objects.filter(pk=cast.ada.pk).update(disabled_at=None)
    assert done("message.items.create", sample).facts == {"people": 1}


def test_a_held_mail_that_cannot_be_read_says_so_and_is_nobody_s_message(cast: Cast) -> None:
    sample = SAMPLES["pushmail.mail.accept"](cast)
    with staging():
        IncomingMail.objects.filter(pk=sample.target_id).update(raw=b"X-Long: " + b"x" * 1_000_000 + b"\r\n" + RAW)
    done("pushmail.mail.accept", sample)
    mail = IncomingMail.objects.get(pk=sample.target_id)
    assert (mail.state, mail.reason, mail.message_id) == (MailState.FAILED, "headers_too_long", None)
