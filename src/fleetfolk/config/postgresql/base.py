"""A connection that is asked without a question whether it still is one."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at its socket at the beginning of each request, where Django's own asks the server a question.

    A server that ends, restarts or hangs up leaves word on the socket. Only if there is something to read is it asked.
    """

    def is_usable(self) -> bool:
        """Whether the server has not hung up."""
        if self.connection is None or self.connection.closed:
            return False
        word = select.poll()
        word.register(self.connection.fileno(), select.POLLIN)
        return not word.poll(0) or super().is_usable()
