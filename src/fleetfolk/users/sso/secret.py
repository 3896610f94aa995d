"""What the client secret is sealed for."""

PURPOSE = "fleetfolk.users.sso"
