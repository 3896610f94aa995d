"""Which e-mail addresses a file has had so far."""

import sqlite3
from types import TracebackType
from typing import Self


class SeenEmails:
    """Remembers each address with its line, in memory that does not grow with the file.

    A dictionary would take some hundred bytes an address, and short hashes in memory would still grow and could call
    two people one. SQLite's unnamed database keeps a cache of fixed size and puts the rest into a file that has no name
    and is gone with the process; it costs a few microseconds an address.
    """

    def __init__(self) -> None:
        # The rows may be drawn by another thread than the one that began, though never by two at once.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("PRAGMA cache_size = -1024")
        self._database.execute("CREATE TABLE seen (email TEXT PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def first_line(self, email: str, line: int) -> int | None:
        """The line that had this address before, or None; then it is remembered with this line."""
        added = self._database.execute("INSERT INTO seen VALUES (?, ?) ON CONFLICT DO NOTHING", (email, line)).rowcount
        if added:
            return None
        (first,) = self._database.execute("SELECT line FROM seen WHERE email = ?", (email,)).fetchone()
        return int(first)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()
