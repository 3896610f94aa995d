"""The pages about people, about one's own account, of settings, and everything before the sign-in."""
