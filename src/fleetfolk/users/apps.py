"""The users app."""

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from fleetfolk.console.parts import register_bar


class UsersConfig(AppConfig):
    """People: accounts, invitations, sessions, the directory."""

    name = "fleetfolk.users"
    label = "users"
    verbose_name = _("Users")

    def ready(self) -> None:
        """The Actions are in the catalogue, refusals have their sentences, tables with personal data are known."""
        from fleetfolk import users  # noqa: PLC0415 - models are not ready earlier

        for module in iter_modules(users.__path__):
            if module.name in ("actions", "limited", "tags") or module.name.startswith("reasons"):
                import_module(f"fleetfolk.users.{module.name}")
        autodiscover_modules("export_parts")
        from fleetfolk.access.place import bar  # noqa: PLC0415 - as above

        register_bar(bar)
        _sessions_are_ours()


def _sessions_are_ours() -> None:
    """allauth no longer writes rows of sessions by itself: it would look each of a person's up twice at a sign-in.

    `fleetfolk.users.web.seen` does it.
    """
    from allauth.account.signals import password_changed, password_set, user_logged_in  # noqa: PLC0415 - as above
    from allauth.usersessions import signals  # noqa: PLC0415

    user_logged_in.disconnect(signals.on_user_logged_in)
    for signal in (password_changed, password_set):
        signal.disconnect(signals.on_password_changed)
