"""The jobs app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Long work that people ask for and watch."""

    name = "fleetfolk.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        """The Actions are in the catalogue, and every kind of job and act on many is known."""
        from fleetfolk.jobs import actions, reasons  # noqa: F401, PLC0415 - models are not ready earlier
        from fleetfolk.jobs.periodic import use_steady_clock  # noqa: PLC0415 - as above

        use_steady_clock()

        autodiscover_modules("runs", "bulk")
