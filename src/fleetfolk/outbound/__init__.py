"""What is sent to addresses that others chose: push services of browsers, and receivers of webhooks.

Nothing here knows of people: `endpoints` says where anything is posted at all, and `posting` speaks to the network,
with what was looked at and nothing else.
"""
