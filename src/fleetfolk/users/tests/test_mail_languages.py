"""Mails are in the language of who reads them, whoever set them off."""

from django.core import mail
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from fleetfolk.kernel.perform import perform
from fleetfolk.testing.cast import Cast, actor, fresh
from fleetfolk.testing.door import staging
from fleetfolk.users import tasks
from fleetfolk.users.actions.assign_password import AssignPassword, AssignPasswordInput
from fleetfolk.users.models import User

SECRET = "a sentence that nobody knows"


def work_off() -> None:
    """The newest mail is sent as the worker sends it."""
    tasks.send_notice(**ProcrastinateJob.objects.filter(task_name="users.send_notice").latest("pk").args)


def speaks(person: User, language: str) -> User:
    with staging():
        User.objects.filter(pk=person.pk).update(language=language)
    return fresh(person)


def test_a_german_reads_german_though_an_english_speaker_did_it(cast: Cast) -> None:
    bob = speaks(cast.bob, "de")
    with translation.override("en"):
        perform(AssignPassword, actor=actor(cast.ada), target_id=bob.pk, data=AssignPasswordInput(password=SECRET))
    work_off()
    told = mail.outbox[-1]
    assert told.subject == "Ihr Passwort wurde geändert"
    assert told.body.startswith("Guten Tag Bob,")
    assert isinstance(told, mail.EmailMultiAlternatives)
    assert '<html lang="de">' in str(told.alternatives[0][0])


def test_who_chose_none_or_one_that_is_not_spoken_reads_english(cast: Cast) -> None:
    for language in ("", "tlh"):
        bob = speaks(cast.bob, language)
        with translation.override("de"):
            perform(AssignPassword, actor=actor(cast.ada), target_id=bob.pk, data=AssignPasswordInput(password=SECRET))
            work_off()
        assert mail.outbox[-1].subject == "Your password was changed"
