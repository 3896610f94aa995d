"""Programs that the tests start as processes of their own: python -m fleetfolk.users.tests.import_scripts WHAT …"""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator

import django
from django.core.management import call_command

ROLE, PAUSE = "user", 0.15


def main() -> None:
    """Does one of the things below, in the database of DATABASE_URL."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fleetfolk.config.settings"
    django.setup()
    what, *numbers = sys.argv[1:]
    programs: dict[str, Callable[..., None]] = {"prepare": prepare, "run": run, "work": work}
    programs[what](*map(int, numbers))


def prepare(rows: int) -> None:
    """The cast is there, and an import of so many rows is started; prints the job's key."""
    from fleetfolk.kernel.perform import perform  # noqa: PLC0415
    from fleetfolk.organizations.models import Organization  # noqa: PLC0415
    from fleetfolk.testing.cast import actor, build_cast  # noqa: PLC0415
    from fleetfolk.users.actions.create_import import CreateImport, CreateImportInput  # noqa: PLC0415
    from fleetfolk.users.actions.start_import import StartImport, StartImportInput  # noqa: PLC0415
    from fleetfolk.users.import_source import ImportSource  # noqa: PLC0415
    from fleetfolk.users.models import User  # noqa: PLC0415
    from fleetfolk.users.uploads import keep_upload  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    if not Organization.objects.filter(name="North").exists():
        build_cast()
    finn = User.objects.get(email="finn@lumenhome.example")
    source = ImportSource.of_file(
        file=keep_upload(text_of(rows)),
        file_name="people.csv",
        within=finn.organization,
        role_id=finn.organization.tenant.roles.get(builtin=ROLE).pk,
        country="DE",
        invite=True,
        client="web",
    )
    data = CreateImportInput(source=source)
    job = perform(CreateImport, actor=actor(finn), target_id=finn.organization_id, data=data).target
    perform(StartImport, actor=actor(finn), target_id=job.pk, data=StartImportInput())
    print(job.pk)


def text_of(rows: int) -> Iterator[bytes]:
    """Every tenth row lacks its address."""
    yield b"First name,Last name,Email,Phone\n"
    for number in range(rows):
        email = "" if number % 10 == 0 else f"p{number}@example.org"
        yield f"Person,{number},{email},0171 {1000000 + number}\n".encode()


def run(job_id: int, chunk: int) -> None:
    """The job runs in chunks of so many rows, with a pause after each."""
    from fleetfolk.users import import_run, runs  # noqa: PLC0415

    import_run.CHUNK = chunk
    runs.run_import(job_id, tell=lambda _job: time.sleep(PAUSE))


def work(job_id: int) -> None:
    """The job has run as the worker runs it; prints how much memory the process took at most, in MB."""
    from fleetfolk.jobs.tasks import run as run_job  # noqa: PLC0415

    run_job(job_id=job_id)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


if __name__ == "__main__":
    main()
