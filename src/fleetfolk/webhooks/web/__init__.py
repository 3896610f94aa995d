"""The pages of webhooks and their deliveries, and their addresses for programs."""
