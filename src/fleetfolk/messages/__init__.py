"""Messages from an organization to its people: to one, to a segment or to a selection."""
