"""People: accounts, invitations, sign-up, sessions, second factors, profiles, directory, import, export, erasure."""
