"""How the URLs of profiles, custom fields and rules are attacked."""

from fleetfolk.config.tests.rows import Row

ROWS: list[Row] = []
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
