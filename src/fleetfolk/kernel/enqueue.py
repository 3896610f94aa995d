"""Long work, asked for inside a change: the job exists only if the change is committed."""

from procrastinate.contrib.django import app
from procrastinate.types import JSONValue


def enqueue(task: str, **arguments: JSONValue) -> None:
    """The task, by its full name (``users.send_invitation``), will run at least once after the commit."""
    app.configure_task(task).defer(**arguments)
