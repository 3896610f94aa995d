"""The browser of a run. It can hang: then it is ended, another takes its place, and the run says so."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer

from playwright.sync_api import Browser, BrowserContext, Error

LONGEST_CLOSE = 30.0
"""Seconds. A window closes in a part of one, on a machine that does ten times what it can do in a few."""
LONGEST_JOURNEY = 300.0
"""Seconds. Playwright bounds what it waits for in a page, but not that a page opens, runs a script or closes."""


@dataclass(kw_only=True)
class Chromium:
    """A browser that answers, and the number of its process. `hung` says, a sentence each, what was not got done."""

    launch: Callable[[], Browser]
    hung: list[str] = field(default_factory=list)
    process: int = 0
    _browser: Browser | None = None
    _ended: bool = False

    def answering(self) -> Browser:
        """The browser; a new one where there is none, or no more."""
        if self._browser is None or not self._browser.is_connected():
            self._browser, self._ended = self.launch(), False
            session = self._browser.new_browser_cdp_session()
            running = session.send("SystemInfo.getProcessInfo")["processInfo"]
            session.detach()
            self.process = next(one["id"] for one in running if one["type"] == "browser")
        return self._browser

    @contextmanager
    def within(self, seconds: float, what: str) -> Iterator[None]:
        """Whoever waits inside for the browser has an error after so many seconds: the browser is killed."""
        timer = Timer(seconds, self._end, [f"The browser did not {what} within {seconds:.0f} s and was ended."])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def close_windows(self, contexts: list[BrowserContext], *, seconds: float = LONGEST_CLOSE) -> None:
        """None of them is open any more. Where the browser hangs it is gone with them, which is no error of theirs."""
        for context in contexts:
            if context.is_closed() and not self._ended:
                continue
            try:
                with self.within(seconds, "close a window"):
                    context.close()
            except Error:
                if not self._ended:
                    raise

    def close(self) -> None:
        """The browser is gone."""
        if self._browser is not None and self._browser.is_connected():
            with self.within(LONGEST_CLOSE, "end"):
                self._browser.close()

    def _end(self, sentence: str) -> None:
        self.hung.append(sentence)
        self._ended = True
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
