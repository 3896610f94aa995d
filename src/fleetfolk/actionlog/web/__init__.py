"""The page of the action log, and its chart."""
