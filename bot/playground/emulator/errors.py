"""Refusals in the words of the Bot API."""


class ApiError(Exception):
    """A request is refused; becomes the error envelope and the HTTP status `code`."""

    def __init__(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to_chat_id = migrate_to_chat_id


def bad_request(reason: str, *, migrate_to_chat_id: int | None = None) -> ApiError:
    """400; the first letter is lowered unless the reason is a constant such as BUTTON_DATA_INVALID."""
    return ApiError(400, f"Bad Request: {_lowered(reason)}", migrate_to_chat_id=migrate_to_chat_id)


def forbidden(reason: str) -> ApiError:
    return ApiError(403, f"Forbidden: {_lowered(reason)}")


def conflict(reason: str) -> ApiError:
    return ApiError(409, f"Conflict: {_lowered(reason)}")


def too_many_requests(retry_after: int) -> ApiError:
    """429; `retry_after` in whole seconds, told in the body and in a header."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def _lowered(reason: str) -> str:
    if len(reason) > 1 and (reason[1].isupper() or reason[1] == "_"):
        return reason
    return reason[:1].lower() + reason[1:]
