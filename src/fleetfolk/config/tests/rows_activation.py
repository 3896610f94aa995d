"""How the URLs of activation, ownership and sharing are attacked."""

from fleetfolk.config.tests.rows import Row

ROWS: list[Row] = []
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
