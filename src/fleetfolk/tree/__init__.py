"""The tree of organizations as pages: the list, one organization, and what is done with it."""
