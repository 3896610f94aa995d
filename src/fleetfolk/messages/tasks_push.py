"""What the worker does for pushes."""

from procrastinate.contrib.django import app

from fleetfolk.kernel.retries import ONCE_DATABASE_IS_BACK, PATIENTLY
from fleetfolk.messages.pushing import carry_pushes, forget_idle


@app.task(name="messages.carry_pushes", queue="mail", retry=PATIENTLY)
def carry_pushes_now() -> None:
    """Whatever push of a message is due has been tried."""
    carry_pushes()


@app.periodic(cron="41 4 * * *")
@app.task(
    name="messages.forget_idle_pushes",
    queue="upkeep",
    queueing_lock="messages.forget_idle_pushes",
    retry=ONCE_DATABASE_IS_BACK,
)
def forget_idle_pushes(timestamp: int) -> None:
    """Of browsers in which nobody has been signed in for long, nothing is kept."""
    forget_idle()
