"""How the URLs of lookup, activity and the log of one person are attacked."""

from fleetfolk.config.tests.rows import Row

ROWS: list[Row] = []
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
