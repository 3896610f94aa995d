"""The installation's own actors, each with the short list of Actions that it may do."""

SYSTEM_ACTORS: dict[str, frozenset[str]] = {
    "setup": frozenset({"tenant.create", "user.invite"}),
    "mailer": frozenset({"assistance.request.rotate", "user.invitation.rotate", "user.email.rotate"}),
    "caretaker": frozenset({"user.erase", "job.report.erase", "assistance.end"}),
    "worker": frozenset({"job.end"}),
    "noter": frozenset({"user.session.start"}),
}
