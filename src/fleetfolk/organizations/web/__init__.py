"""What every page shows of an organization: its logo and its colours."""
