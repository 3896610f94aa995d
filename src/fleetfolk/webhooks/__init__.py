"""Webhooks: receivers of organizations that are told what happens: signed, in order, again until they have heard it.

What is told is written down by the database in the transaction in which it happens (`migrations/`): a delivery that
names an entry of the action log, or an event of a device. `delivering` takes these one after another for each receiver,
`telling` says what is said of them, within what the webhook may be told.
"""
