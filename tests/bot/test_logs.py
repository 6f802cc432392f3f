"""Logs hold what happened: never the token, never what an exception quotes."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot.logs import log, report, set_up

TOKEN = "123456:AAE-abc_defGHI"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Where logs go in this test; everything is as before afterwards."""
    root = logging.getLogger()
    handlers, level, before = root.handlers, root.level, structlog.get_config()
    stream = io.StringIO()
    set_up(stream)
    yield stream
    structlog.configure(**before)
    root.handlers = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        f"https://api.telegram.org/bot{TOKEN}/getMe failed",
        f"https://api.telegram.org/file/bot{TOKEN}/photo.jpg",
        "https://api.telegram.org/bot123456%3AAAE-abc_defGHI/getMe",
    ],
)
def test_a_token_is_taken_out_wherever_it_stands(written: io.StringIO, text: str) -> None:
    log.warning(text, url=text)
    logging.getLogger("somebody").warning("could not fetch %s", text)

    assert "AAE-abc" not in written.getvalue()
    assert len(lines(written)) == 2


def test_of_an_exception_its_class_and_place_are_kept_and_not_its_text(written: io.StringIO) -> None:
    try:
        int("a citizen's words")
    except ValueError:
        log.error("failed", exc_info=True)
        logging.getLogger("somebody").exception("failed")

    assert "citizen" not in written.getvalue()
    for line in lines(written):
        assert line["error"] == "ValueError"
        assert line["where"].startswith("test_logs.py:")


@pytest.mark.parametrize(
    "library", ["telegram.ext", "httpx", "aiogram.event", "aiohttp.access", "apscheduler.x", "asyncio"]
)
def test_libraries_that_quote_bodies_are_silent(written: io.StringIO, library: str) -> None:
    logging.getLogger(library).error("the body was: a citizen's words")

    assert written.getvalue() == ""


def test_each_log_is_one_line_of_json_with_its_moment(written: io.StringIO) -> None:
    log.info("running", run=3)

    [line] = lines(written)
    assert (line["event"], line["run"], line["level"]) == ("running", 3, "info")
    assert line["timestamp"].endswith("Z")


async def test_what_a_task_fails_with_that_nobody_waits_for_is_logged(written: io.StringIO) -> None:
    async def fail() -> None:
        int("a citizen's words")

    for work in (fail(), asyncio.sleep(0), asyncio.sleep(60)):
        task = asyncio.create_task(work)
        task.add_done_callback(report)
        await asyncio.sleep(0.01)
        task.cancel()
    await asyncio.sleep(0)

    [line] = lines(written)
    assert (line["event"], line["error"]) == ("a task fails", "ValueError")
    assert line["where"]
    assert "citizen" not in written.getvalue()
