"""`fleetfolk` for daily work from any machine, over the REST interface, with a key: no database, no Django."""
