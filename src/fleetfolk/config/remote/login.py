"""Which server is meant, and by what key: of the environment, or of a file that only its owner reads."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fleetfolk.config.remote.failure import Ends, Failed
from fleetfolk.config.runtime.folder import write_private

_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_HINT: Final = "Sign in with `fleetfolk login https://your.server`, or set FLEETFOLK_URL and FLEETFOLK_KEY."


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """A server, and a person's key, or a program's ID and secret."""

    url: str
    key: str = ""
    client_id: str = ""
    client_secret: str = ""


def login_file() -> Path:
    """Where the key is kept."""
    base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(base) / "fleetfolk" / "login.json"


def login_now() -> Login:
    """The environment's, which goes before the file's: never the key of one with the server of the other."""
    url = os.environ.get("FLEETFOLK_URL", "")
    if not url:
        return _kept()
    login = Login(
        url=checked_url(url),
        key=os.environ.get("FLEETFOLK_KEY", ""),
        client_id=os.environ.get("FLEETFOLK_CLIENT_ID", ""),
        client_secret=os.environ.get("FLEETFOLK_CLIENT_SECRET", ""),
    )
    if not login.key and not (login.client_id and login.client_secret):
        raise Failed(
            "FLEETFOLK_URL is set without FLEETFOLK_KEY, or FLEETFOLK_CLIENT_ID and FLEETFOLK_CLIENT_SECRET.",
            Ends.SIGNED_OUT,
        )
    return login


def checked_url(text: str) -> str:
    """The address of a server without a path. A key travels by TLS, or stays on this machine."""
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.path.strip("/"):
        raise Failed(f"{text} is no address of a server, such as https://fleet.example.com.", Ends.USAGE)
    if parts.scheme == "http" and parts.hostname not in _LOCAL:
        raise Failed("By http everybody on the way could read the key. Use https.", Ends.USAGE)
    return f"{parts.scheme}://{parts.netloc}"


def keep(login: Login) -> Path:
    """The file holds it. Nobody else can read it, at no moment."""
    file = login_file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(file, json.dumps(asdict(login), indent=1))
    return file


def forget() -> bool:
    """The file is gone; whether there was one."""
    there = login_file().exists()
    login_file().unlink(missing_ok=True)
    return there


def _kept() -> Login:
    file = login_file()
    try:
        if os.stat(file).st_mode & 0o077:  # noqa: PTH116 - its mode alone
            raise Failed(f"Others can read {file}. Say `chmod 600 {file}`, or sign in anew.", Ends.SIGNED_OUT)
        kept: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8"))
        return Login(**kept)
    except FileNotFoundError:
        raise Failed(f"You are not signed in. {_HINT}", Ends.SIGNED_OUT) from None
    except (ValueError, TypeError):
        raise Failed(f"{file} cannot be read. {_HINT}", Ends.SIGNED_OUT) from None
