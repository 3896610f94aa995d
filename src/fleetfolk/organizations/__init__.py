"""Tenants and the tree below them: rules, brands, plans and limits, custom fields, locations, tags."""
