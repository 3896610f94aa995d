"""The cast of every test, and the checks that all doors share."""
