"""How the URLs of organizations are attacked."""

from fleetfolk.config.tests.rows import Row

ROWS: list[Row] = [
    *(Row(name=f"organizations:{name}", dana=200) for name in ("list", "count", "choices", "export")),
    Row(name="organizations:columns", data={"column": ["kind"]}, ada=(302,), dana=302),
]
PUBLIC: dict[str, str] = {}
ELSEWHERE: dict[str, str] = {}
