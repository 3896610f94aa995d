"""The pages of organizations: the tree as a list, one organization, what is done with it."""
