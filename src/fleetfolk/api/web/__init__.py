"""The pages of keys, and the reference."""
