"""The action log: the entry of every Action, its months, reading it fast, its export."""
