"""What the gateway asks of the database."""
