"""Structured logs: one JSON object a line in production, readable lines elsewhere, each with the request's id."""

import logging
import logging.config
import re

import structlog

SECRET_IN_PATH = re.compile(
    r"(/(?:join/confirm(?=/[^/])|join(?!/confirm/)|password/new|email|exports|support|account/undo)/)"
    r"(?!sign-out/|done/)[^/\s\"'?]+"
)
"""Links for joining and for a new password carry a secret: no log line may."""
SECRET_ADDRESS = re.compile(r"\bp-[a-z2-7]{26}", re.IGNORECASE)
"""So do the mail addresses of Push Mail."""


def without_secrets(path: str) -> str:
    """The path, or a text with paths in it, with every secret replaced by an ellipsis."""
    return SECRET_ADDRESS.sub("p-…", SECRET_IN_PATH.sub(r"\1…", path))


def _hide_secrets(
    logger: structlog.typing.WrappedLogger, name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """No line that anything writes has a link's secret."""
    for key, value in event.items():
        if isinstance(value, str) and not key.startswith("_"):
            event[key] = without_secrets(value)
    return event


def configure(*, plain: bool) -> None:
    """Everything that logs, ours or a library's, writes to standard error in one shape."""
    # No line says these; looking them up for each costs more than writing it.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging.logAsyncioTasks = False  # type: ignore[attr-defined]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        # Before what hides secrets: the words of an error may name a link.
        structlog.processors.format_exc_info,
        _hide_secrets,
    ]
    # Plain tracebacks: the richer ones print local variables, and those may hold passwords.
    readable = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    last: structlog.typing.Processor = readable if plain else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    rendering = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "structured": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": shared,
                    "processors": [*rendering, last],
                }
            },
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
            "root": {"handlers": ["stderr"], "level": "INFO"},
            "loggers": {
                "django.request": {"level": "ERROR"},
                "django.security.DisallowedHost": {"level": "ERROR"},
                "procrastinate": {"level": "WARNING"},
                # Says every sender and recipient.
                "mail.log": {"level": "WARNING"},
            },
        }
    )
