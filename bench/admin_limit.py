"""How long Django's admin may take for one statement before it is given up, so that a run ends."""

STATEMENT_LIMIT = "20 s"
