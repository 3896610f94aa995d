"""Browsers of tests reach the pages through one chain of middleware, as all requests to a server do.

Django's test client makes one for each browser; to list the static files anew for it took longer than most pages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test.client import ClientHandler
from django.test.signals import setting_changed

PARTS = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")


@contextmanager
def one_chain() -> Iterator[None]:
    """The first browser makes the chain, and every other one takes it. Where a setting changes there is a new one."""
    made: dict[str, Any] = {}
    load = ClientHandler.load_middleware

    def load_once(handler: ClientHandler, is_async: bool = False) -> None:
        if not made:
            load(handler, is_async)
            made.update({part: getattr(handler, part) for part in PARTS})
        vars(handler).update(made)

    def forget(**_signal: Any) -> None:
        made.clear()

    setting_changed.connect(forget)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", load_once)
        yield
    setting_changed.disconnect(forget)
