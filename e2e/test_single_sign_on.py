"""An Admin sets single sign-on up, a new colleague comes in by it, and a stranger does not."""

import re
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from e2e.browsers import Browsers, Watch
from e2e.conftest import COLLEAGUES
from e2e.pages import toast
from e2e.people import House
from e2e.world import Installation
from fleetfolk.testing.door import staging
from fleetfolk.testing.openid_provider import CLIENT, SECRET, OpenIdProvider
from fleetfolk.users.models import User
from fleetfolk.users.models_sso import SsoDomain


@pytest.fixture
def trusting(installation: Installation, watch: Watch, new_context: Callable[..., BrowserContext]) -> Browsers:
    """Browsers that take the provider's certificate, which it has signed itself."""
    made = partial(new_context, ignore_https_errors=True)
    return Browsers(new_context=made, origin=installation.origin, watch=watch)


def set_up(page: Page, provider: OpenIdProvider, *, role: str) -> None:
    page.goto("/settings/single-sign-on/")
    page.get_by_label("Issuer").fill(provider.origin)
    page.get_by_label("Client id").fill(CLIENT)
    page.get_by_label("Client secret").fill(SECRET)
    page.get_by_label("E-mail domains").fill(COLLEAGUES)
    page.get_by_label("Who is not known yet").select_option(label=f"Gets an account: {role}")
    page.get_by_role("button", name="Save", exact=True).click()
    toast(page, "Saved.")
    # What is kept is not shown again: it does not stay in the field either.
    expect(page.get_by_label("Client secret")).to_have_value("")
    expect(page.locator("#sso-secret")).to_contain_text("Leave it empty to keep the present one.")


@pytest.mark.feature("B10")
def test_a_new_colleague_signs_in_by_the_provider_and_a_stranger_does_not(
    house: House, trusting: Browsers, provider: OpenIdProvider
) -> None:
    with staging():  # A second try finds the domain free.
        SsoDomain.objects.filter(domain=COLLEAGUES).delete()
    page = trusting(house.ada)
    set_up(page, provider, role="Staff")
    expect(page.locator("#sso")).to_contain_text("Proved")
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.locator("#sso-tested")).to_contain_text("answers as it should")

    email = f"nora@{COLLEAGUES}"
    provider.person = {
        "sub": "nora-1",
        "email": email,
        "email_verified": True,
        "given_name": "Nora",
        "family_name": "New",
    }
    theirs = trusting()
    theirs.goto("/sign-in/")
    offer = theirs.get_by_role("link", name=f"Sign in with {house.root.name}")
    expect(offer).to_have_count(0)
    theirs.get_by_label("E-mail").press_sequentially(email)
    expect(offer).to_be_visible()
    offer.click()
    theirs.get_by_role("button", name=f"Go on as {email}").click()
    expect(theirs).not_to_have_url(re.compile("sign-in|authorize"))
    expect(theirs.get_by_role("navigation").get_by_role("button", name=re.compile("Nora New"))).to_be_visible()
    nora = User.objects.select_related("role").get(email=email)
    assert (nora.organization_id, nora.role.builtin) == (house.root.pk, "staff")

    page.goto(f"/users/{nora.pk}/security/")
    expect(page.locator("#security")).to_contain_text("last used")

    provider.person = {"sub": "stella-1", "email": "stella@stranger.example", "email_verified": True}
    stranger = trusting()
    stranger.goto("/sign-in/with/")
    stranger.get_by_label("E-mail").fill(email)
    stranger.get_by_role("button", name="Go on").click()
    stranger.get_by_role("link", name=f"Sign in with {house.root.name}").click()
    stranger.get_by_role("button", name="Go on as stella@stranger.example").click()
    expect(stranger.get_by_role("alert")).to_contain_text("Nobody here is known")
    assert not User.objects.filter(email="stella@stranger.example").exists()
