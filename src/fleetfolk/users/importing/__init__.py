"""A file of people becomes checked rows: read, mapped, normalised and reported, one record at a time."""
