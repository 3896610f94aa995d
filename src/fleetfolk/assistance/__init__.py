"""Remote assistance: consent, the customer's own view at an address below theirs, what was looked at, and its end."""
