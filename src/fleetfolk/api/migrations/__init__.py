"""The tables of keys, of what they used and of what they were answered."""
