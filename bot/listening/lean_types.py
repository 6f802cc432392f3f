"""aiogram's types, made ready for no more than reading updates."""

import sys
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel


def only_read() -> None:
    """Import aiogram with its types ready to read updates, and nothing else.

    Call it before `bot.listening.updates` is imported.

    As it is imported otherwise, each of its six hundred types gets a validator and a serializer of its own,
    with all that can be in it: 110 MB and three seconds, for calls that the bot does not make by it. Here
    that is put off (pydantic's `defer_build`), and done for updates alone. What was read is not made ready
    to call Telegram by itself either, which takes a third of the time. Other types of aiogram do not work
    in this process then. Where aiogram is imported already, it stays as it is.
    """
    if "aiogram" in sys.modules:
        return
    names: dict[str, Any] = {}

    def put_off(_kind: type[BaseModel], /, **options: Any) -> None:
        names.update(options.get("_types_namespace") or {})

    make_ready = vars(BaseModel)["model_rebuild"]
    BaseModel.model_config["defer_build"] = True
    setattr(BaseModel, "model_rebuild", classmethod(put_off))  # noqa: B010  # mypy knows it as a method
    try:
        from aiogram import types
    finally:
        setattr(BaseModel, "model_rebuild", make_ready)  # noqa: B010
        del BaseModel.model_config["defer_build"]
    types.Update.model_rebuild(_types_namespace=names)
    for kind in _kinds(types.TelegramObject):
        setattr(kind, "model_post_init", _as_it_is)  # noqa: B010


def _as_it_is(_read: object, _context: object) -> None:
    """An object that was read has all it needs."""


def _kinds(base: type) -> Iterator[type]:
    yield base
    below: list[type] = base.__subclasses__()
    for kind in below:
        yield from _kinds(kind)
