"""How the URLs of devices are attacked."""

from fleetfolk.config.tests.rows import Row

ROWS: list[Row] = []
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
