"""Structured logs on standard error: what happened, never who or in which words, and never the token."""

import asyncio
import logging
import re
import sys
from typing import Any, Final, TextIO

_rich = sys.modules.get("rich")
sys.modules["rich"] = None  # type: ignore[assignment]  # structlog would load it: 3 MB for colours nobody sees
import structlog  # noqa: E402

del sys.modules["rich"]  # what speaks to an operator may load it when it does
if _rich is not None:
    sys.modules["rich"] = _rich

log: Final[Any] = structlog.get_logger()

_TOKEN: Final = re.compile(r"\d+:[A-Za-z0-9_-]{6,}|(?<=/bot)\d+%3A[A-Za-z0-9_-]+")
_QUIET: Final = (
    "telegram",
    "httpx",
    "httpcore",
    "aiogram",
    "aiohttp",
    "apscheduler",
    "asyncio",
    "sqlalchemy",
)


def set_up(stream: TextIO = sys.stderr) -> None:
    """Send every log through one door, ours and those of libraries."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _class_of_exception,
        redact,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # they quote bodies, addresses and updates


def report(task: asyncio.Task[Any]) -> None:
    """Log what a task has ended with that nobody waits for."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a task fails", exc_info=error)


def redact(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Take tokens out of everything that is logged."""
    return {
        name: _TOKEN.sub("***", value) if isinstance(value, str) else value for name, value in event.items()
    }


def _class_of_exception(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Of an exception keep what it is and where; its text may quote a citizen."""
    raised = event.pop("exc_info", None)
    error = sys.exc_info()[1] if raised is True else raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = _where(error)
    return event


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else ""
