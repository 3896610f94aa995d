"""The doors through which devices speak, and through which open pages hear of it."""
