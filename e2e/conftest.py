"""What journeys share: one installation with its crowd for the whole run; a tenant and browsers for each journey."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django import DjangoDbBlocker

from e2e.browsers import PATIENCE, Browsers, Watch
from e2e.chromium import LONGEST_JOURNEY, Chromium
from e2e.crowd import Crowd, build_crowd
from e2e.people import House, build_house
from e2e.world import Installation, forget_attempts, own_database, running
from fleetfolk.testing.openid_provider import OpenIdProvider, openid_provider
from fleetfolk.testing.push_service import PushService, push_service
from fleetfolk.testing.queued import forget_queued_work
from fleetfolk.testing.receiver import Receiver, receiver

# A list of ours replaces Playwright's own, so it is here again. The last two are Chromium's: each window would load the
# pages behind its address bar, which nobody sees, and that is more work than our own page.
SWITCHED_OFF = (
    *("AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"),
    *("DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay"),
    *("MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"),
    "ThirdPartyStoragePartitioning",
    *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
)
HUNG = "the browser hung"
# Playwright's loop runs in this thread; Django takes that for asynchronous code, which it is not.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
COLLEAGUES = "colleagues.example"
"""The domain of people who sign in by their organization's provider. No name server knows it."""

expect.set_options(timeout=PATIENCE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--pictures` takes pictures of every page and state instead of going through the journeys."""
    parser.addoption("--pictures", action="store_true", help="take pictures of every page and state, into e2e/pictures")
    parser.addoption("--slow", action="store_true", help="every answer takes longer: journeys that do not wait fail")


def pytest_configure(config: pytest.Config) -> None:
    """Markers of our own."""
    config.addinivalue_line("markers", "pictures: takes a picture, and only with --pictures")
    config.addinivalue_line("markers", "whole_browser: needs what the headless shell has not, as pushes")
    config.addinivalue_line("markers", "feature(row, …): walks these rows of e2e/features.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Pictures or journeys, never both."""
    wanted = config.getoption("--pictures")
    items[:] = [item for item in items if (item.get_closest_marker("pictures") is not None) == wanted]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Where the browser hung, also where it was only closing and the journey went well."""
    reports = [report for kind in terminalreporter.stats.values() for report in kind]
    for report in (one for one in reports if isinstance(one, pytest.TestReport) and one.when == "teardown"):
        for sentence in (text for name, text in report.user_properties if name == HUNG):
            terminalreporter.write_line(f"HUNG {report.nodeid}: {sentence}")


@pytest.fixture(scope="session")
def crowd_and_database(
    request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Crowd, str]]:
    """The crowd, in a database of this run alone."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    name = f"{urlsplit(os.environ['DATABASE_URL']).path.strip('/')}_e2e{worker}"
    with django_db_blocker.unblock(), own_database(name) as url:
        crowd = build_crowd()
        forget_queued_work()
        yield crowd, url


@pytest.fixture(scope="session")
def pushes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PushService]:
    """The push service of every browser: Chromium's own is beyond this machine."""
    with push_service(tmp_path_factory.mktemp("pushes")) as service:
        yield service


@pytest.fixture(scope="session")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """Where alone webhooks may post."""
    with receiver(tmp_path_factory.mktemp("hooks")) as running:
        yield running


@pytest.fixture
def receiver_of_hooks(hooks: Receiver) -> Receiver:
    """The receiver, which has heard nothing yet."""
    hooks.told.clear()
    hooks.script.clear()
    return hooks


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdProvider]:
    """An organization's provider of OpenID Connect, with a button to press."""
    with openid_provider(tmp_path_factory.mktemp("provider")) as running:
        running.asks = True
        yield running


@pytest.fixture(scope="session")
def installation(
    crowd_and_database: tuple[Crowd, str],
    pushes: PushService,
    hooks: Receiver,
    provider: OpenIdProvider,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Installation]:
    """Web server and worker."""
    folder = tmp_path_factory.mktemp("installation")
    trusted = folder / "trusted.pem"
    trusted.write_bytes(b"".join(one.authority.read_bytes() for one in (pushes, hooks, provider)))
    said = {
        "FLEETFOLK_PUSH_HOSTS": pushes.host,
        "FLEETFOLK_WEBHOOK_HOSTS": hooks.host,
        "FLEETFOLK_SSO_HOSTS": provider.host,
        "FLEETFOLK_SSO_DOMAINS": COLLEAGUES,
        "SSL_CERT_FILE": str(trusted),
    }
    with running(folder, crowd_and_database[1], **said) as installation:
        yield installation


@pytest.fixture
def crowd(crowd_and_database: tuple[Crowd, str]) -> Crowd:
    """A tenant of eighty people, to be looked at and not changed."""
    return crowd_and_database[0]


@pytest.fixture
def house(installation: Installation) -> House:
    """A tenant of this journey alone, with Ada in it."""
    return build_house("Lumen Home")


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The machine's own Chromium; journeys that find none are skipped."""
    given = os.environ.get("FLEETFOLK_CHROMIUM") or shutil.which("chromium") or ""
    if not Path(given).exists():
        pytest.skip("There is no Chromium on this machine. Install it, or set FLEETFOLK_CHROMIUM to its program.")
    features = f"--disable-features={','.join(SWITCHED_OFF)}"
    return {
        "executable_path": given,
        "args": ["--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", features],
    }


@pytest.fixture(scope="session")
def whole_chromium(launch_browser: Callable[..., Browser]) -> Iterator[Chromium]:
    """The browser of the whole run, for as long as it answers."""
    chromium = Chromium(launch=launch_browser)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def bare_chromium(
    launch_browser: Callable[..., Browser], browser_type_launch_args: dict[str, Any]
) -> Iterator[Chromium]:
    """The same without windows of its own, which opens pages sooner: its headless shell, where the run has it."""
    given = os.environ.get("FLEETFOLK_HEADLESS_SHELL")
    chromium = Chromium(launch=partial(launch_browser, **({"executable_path": given} if given else {})))
    yield chromium
    chromium.close()


@pytest.fixture
def chromium(request: pytest.FixtureRequest) -> Chromium:
    """The whole browser for journeys that are marked for it."""
    whole = request.node.get_closest_marker("whole_browser") is not None
    chosen: Chromium = request.getfixturevalue("whole_chromium" if whole else "bare_chromium")
    return chosen


@pytest.fixture
def browser(request: pytest.FixtureRequest, chromium: Chromium) -> Iterator[Browser]:
    """A browser that answers, instead of pytest-playwright's, which is the same for ever."""
    before = len(chromium.hung)
    answering = chromium.answering()
    with chromium.within(LONGEST_JOURNEY, "get through a journey"):
        yield answering
    request.node.user_properties += [(HUNG, sentence) for sentence in chromium.hung[before:]]


@pytest.fixture
def new_context(
    chromium: Chromium, new_context: Callable[..., BrowserContext]
) -> Iterator[Callable[..., BrowserContext]]:
    """pytest-playwright's, whose windows close in any case."""
    opened: list[BrowserContext] = []

    def opening(**how: Any) -> BrowserContext:
        opened.append(new_context(**how))
        return opened[-1]

    yield opening
    chromium.close_windows(opened)


@pytest.fixture
def watch(installation: Installation) -> Iterator[Watch]:
    """Notices errors of scripts, refusals of the content-security policy and broken answers, and fails the journey."""
    forget_attempts()
    watch = Watch()
    yield watch
    found = watch.found()
    assert not found, "\n".join([*found, installation.said(40) if "status 5" in str(found) else ""])


@pytest.fixture
def browse(
    request: pytest.FixtureRequest,
    installation: Installation,
    watch: Watch,
    new_context: Callable[..., BrowserContext],
) -> Browsers:
    """`browse(ada)` is a page in a browser in which Ada is signed in; `browse()` one in which nobody is."""
    slow = bool(request.config.getoption("--slow"))
    return Browsers(new_context=new_context, origin=installation.origin, watch=watch, slow=slow)
