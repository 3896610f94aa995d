"""What comes by the clock, where the clock itself is set: forward, it is not made up for; back, it goes on at once.

Procrastinate keeps, in the worker's memory, up to when it has begun what is due. A clock that was ahead and is right
again would leave all of that undone until it is as late as it was; one that is set forward would have an hour's turns
taken at once. What lies ahead, or longer ago than what is made up for at a start, is forgotten.
"""

from collections.abc import Iterable

from procrastinate import periodic


class SteadyDeferrer(periodic.PeriodicDeferrer):
    """As the worker's own, for a clock that jumps."""

    def get_previous_tasks(self, at: float) -> Iterable[periodic.TaskAtTime]:
        """What is due, counted from the last turn, unless the clock has been set since."""
        self.last_defers = {key: last for key, last in self.last_defers.items() if 0 <= at - last <= self._lasts(key)}
        return super().get_previous_tasks(at)

    def _lasts(self, key: tuple[str, str]) -> float:
        """How long ago the last turn may lie: two turns, and what is made up for."""
        last, cron = self.last_defers[key], self.registry.periodic_tasks[key].croniter
        cron.set_current(start_time=last)
        return 2 * (float(cron.get_next(ret_type=float)) - last) + self.max_delay


def use_steady_clock() -> None:
    """The worker's turns are taken by `SteadyDeferrer`; it has no setting for that."""
    periodic.PeriodicDeferrer = SteadyDeferrer  # type: ignore[misc]
