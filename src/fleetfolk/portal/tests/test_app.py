"""The portal as an app on a home screen: what is kept on a telephone holds nothing of anybody."""

import json

import pytest
from django.test import Client

from fleetfolk.testing.cast import Cast
from fleetfolk.testing.plugin import SignedIn


def test_the_app_has_the_name_of_whoever_looks_after_one(cast: Cast, signed_in: SignedIn) -> None:
    told = json.loads(signed_in(cast.bob).get("/app.webmanifest").content)
    assert told["name"] == "Lumen Home"
    assert told["display"] == "standalone"


def test_signed_out_the_app_names_no_tenant(db: None) -> None:
    assert json.loads(Client().get("/app.webmanifest").content)["name"] == "Fleetfolk"


@pytest.mark.parametrize("path", ["/service-worker.js", "/offline/"])
def test_what_a_telephone_keeps_is_the_same_for_everybody(cast: Cast, signed_in: SignedIn, path: str) -> None:
    told = signed_in(cast.bob).get(path)
    assert told.status_code == 200
    assert told.content == Client().get(path).content
    assert "Bob" not in told.content.decode()
    assert "Lumen" not in told.content.decode()


def test_the_service_worker_keeps_no_page_but_the_one_without_a_network(db: None) -> None:
    script = Client().get("/service-worker.js").content.decode()
    assert script.count("cache.addAll") == 1
    assert "cache.put" not in script
    assert 'const OFFLINE = "/offline/"' in script
