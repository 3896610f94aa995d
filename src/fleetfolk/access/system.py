"""The installation's own actors, each with the short list of Actions that it may do."""

SYSTEM_ACTORS: dict[str, frozenset[str]] = {
    "setup": frozenset({"tenant.create", "user.invite"}),
    "doorkeeper": frozenset(
        {
            *("user.registration.start", "user.registration.accept", "user.registration.grant", "organization.create"),
            "user.newcomer.accept",
        }
    ),
    "mailer": frozenset(
        {
            "user.registration.rotate",
            "assistance.request.rotate",
            "user.invitation.rotate",
            "user.email.rotate",
            "user.undo.rotate",
            "user.export.rotate",
        }
    ),
    "caretaker": frozenset(
        {
            "user.erase",
            "user.registration.erase",
            "job.report.erase",
            "assistance.end",
            "assistance.records.erase",
            "device.erase",
            "pushmail.mails.erase",
        }
    ),
    "worker": frozenset({"job.start", "job.end", "user.export.end"}),
    "postman": frozenset({"message.items.create", "message.end", "user.push.delete", "pushmail.mail.accept"}),
    "counter": frozenset({"segment.members.reset"}),
    "herald": frozenset({"webhook.deactivate"}),
    "noter": frozenset({"user.session.start"}),
}

DEVICE_ACTIONS = frozenset({"device.connection.start", "device.metadata.edit"})
"""What a device may do, each to itself alone. What it reports is no Action (`fleetfolk.devices.intake`)."""
