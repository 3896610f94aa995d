"""Which browser, app and system a session belongs to, in words."""

import re

_BROWSERS = (
    (re.compile(r"Fleetfolk/[0-9.]+ \("), "Fleetfolk"),
    (re.compile(r"\bEdgA?/|\bEdgiOS/"), "Edge"),
    (re.compile(r"\bOPR/|\bOpera\b"), "Opera"),
    (re.compile(r"\bSamsungBrowser/"), "Samsung Internet"),
    (re.compile(r"\bVivaldi/"), "Vivaldi"),
    (re.compile(r"\bFirefox/|\bFxiOS/"), "Firefox"),
    (re.compile(r"\bCriOS/|\bChrom(?:e|ium)/|\bHeadlessChrome/"), "Chrome"),
    (re.compile(r"\bVersion/[0-9.]+ .*Safari/"), "Safari"),
    (re.compile(r"^curl/"), "curl"),
)
_SYSTEMS = (
    (re.compile(r"\biPad\b"), "iPad"),
    (re.compile(r"\biPhone\b|\biOS\b"), "iPhone"),
    (re.compile(r"\bAndroid\b"), "Android"),
    (re.compile(r"\bWindows\b"), "Windows"),
    (re.compile(r"\bMac OS X\b|\bMacintosh\b"), "macOS"),
    (re.compile(r"\bCrOS\b"), "ChromeOS"),
    (re.compile(r"\bLinux\b|\bX11\b"), "Linux"),
)
_HANDHELD = {"iPad", "iPhone", "Android"}


def browser_of(user_agent: str) -> str:
    """The program's name, or nothing where it is none that is known. What a program says of itself is no proof."""
    return next((name for pattern, name in _BROWSERS if pattern.search(user_agent)), "")


def system_of(user_agent: str) -> str:
    """The system's name, or nothing."""
    return next((name for pattern, name in _SYSTEMS if pattern.search(user_agent)), "")


def is_handheld(user_agent: str) -> bool:
    """Whether it says to be a telephone or a tablet."""
    return system_of(user_agent) in _HANDHELD


def words_of(user_agent: str) -> str:
    """Both, for a line of the log."""
    return " · ".join(part for part in (browser_of(user_agent), system_of(user_agent)) if part)
