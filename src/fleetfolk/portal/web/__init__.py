"""The pages of the shell of customers."""
