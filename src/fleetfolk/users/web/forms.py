"""Forms of the users' pages: two spellings of the Actions' inputs."""

from allauth.account.forms import ResetPasswordForm

from fleetfolk.users.models import User


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    """Asks for an address; only an account that can sign in gets a link, and the page answers alike for all."""

    def clean_email(self) -> str:
        """The address, lower-case."""
        email = str(self.cleaned_data["email"]).lower()
        self.users = list(User.objects.filter(email=email, is_active=True))
        return email
