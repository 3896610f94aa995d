"""Web push: a word to a browser that is not open, by way of the push service of whoever made it.

Nothing here knows of people or messages: keys, addresses and answers go in and out. `encryption` is RFC 8291, `vapid`
is RFC 8292, and `requests` is RFC 8030. `fleetfolk.outbound` says where we post to at all, and does it.
"""
