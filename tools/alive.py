"""Whether the Fleetfolk of this machine or container lives: /healthz answers 200, asked for as its origin.

python tools/alive.py
"""

import http.client
import os
import sys
from urllib.parse import urlsplit


def main() -> int:
    """0 when it answers, 1 with a sentence when not. It answers only to its own name, so that is asked for."""
    host = urlsplit(os.environ.get("FLEETFOLK_ORIGIN", "")).netloc or "localhost"
    port = int(os.environ.get("FLEETFOLK_PORT") or 8080)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=4)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        status = connection.getresponse().status
    except OSError as error:
        print(f"Port {port} does not answer: {error}", file=sys.stderr)
        return 1
    finally:
        connection.close()
    if status != http.client.OK:
        print(f"Port {port} answers {status}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
