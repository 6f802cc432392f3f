"""The operator's settings: `TOGETHER_` variables from the environment or from `.env`, all checked at once."""

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from config.problem import Problem, listed, nearest

PREFIX = "TOGETHER_"
NO_TOKEN = "0:none"  # stands in the place of a token where none is needed
TERRITORIES = Path(__file__).parent / "territories"
NOT_SERVED = (
    "TOGETHER_PUBLIC_URL is set and TOGETHER_HEALTH_LISTEN is not: people are given addresses there, which "
    "this process does not serve; set both, unless another instance serves them"
)
_KUBERNETES = re.compile(
    r"service_host|service_port(_\w+)?|port_\d+_(tcp|udp|sctp)(_(proto|port|addr))?|port=(tcp|udp|sctp)://.*"
)
"""What Kubernetes tells every container about a service that is called `together`: not meant for us."""

_HIDDEN = re.compile(r"(?<=//)[^/@]*(?=@)|\d+:[A-Za-z0-9_-]{20,}")  # a password in an address, a token astray
CALLED = (443, 80, 88, 8443)
"""The ports that Telegram calls: https://core.telegram.org/bots/api#setwebhook."""

DATABASES = ("sqlite+aiosqlite://", "postgresql+asyncpg://")


class SettingsError(ValueError):
    """The settings cannot be used; the message names every one that is wrong. Mend them and start again."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(listed(problems, "setting", "settings"))
        self.problems = problems


class Address(NamedTuple):
    """Where to listen."""

    host: str
    port: int  # 0: any free port


def _address(value: object) -> object:
    if not isinstance(value, str):
        return value
    url = urlsplit(f"//{value}")
    if not url.hostname or url.port is None or url.path or url.username is not None:
        raise ValueError("no host:port")
    return Address(url.hostname, url.port)


def _web(value: str) -> str:
    url = urlsplit(value)
    if url.scheme not in ("http", "https") or not url.hostname or url.query or url.fragment or url.port == 0:
        raise ValueError("no web address")
    return value.rstrip("/")


def _ids(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _database(value: str) -> str:
    if not value.startswith(DATABASES):
        raise ValueError("no database of ours")
    return value


def _folder(value: Path) -> Path:
    if not value.is_dir():
        raise ValueError("no folder")
    return value


def _secret(pattern: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, value.get_secret_value()):
            raise ValueError("malformed")
        return value

    return AfterValidator(check)


Web = Annotated[str, AfterValidator(_web)]
Listen = Annotated[Address, BeforeValidator(_address)]


class Settings(BaseSettings):
    """The settings of one process, made by `load_settings`; each description ends the sentence about it."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    bot_token: Annotated[SecretStr, _secret(r"\d+:[A-Za-z0-9_-]+")] = Field(
        description="must look like 123456:ABC-def (get one from @BotFather)"
    )
    api_url: Web = Field(
        "https://api.telegram.org", description="must be the root of a Bot API, like https://host"
    )
    database_url: Annotated[str, AfterValidator(_database)] = Field(
        "sqlite+aiosqlite:///together.db",
        repr=False,  # it may hold a password
        description=f"must start with {DATABASES[0]} or {DATABASES[1]}",
    )
    territories: Annotated[Path, AfterValidator(_folder)] = Field(
        TERRITORIES, description="must be a folder of territory files"
    )
    secret_key: Annotated[SecretStr, _secret(r"(?s).{8,}")] | None = Field(
        None, description="must be at least 8 characters and never change (make one: openssl rand -hex 32)"
    )
    webhook_url: Web | None = Field(None, description="must be the https:// address that Telegram calls")
    webhook_listen: Listen = Field(Address("127.0.0.1", 8443), description="must be host:port")
    webhook_secret: Annotated[SecretStr, _secret(r"[A-Za-z0-9_-]{1,256}")] | None = Field(
        None, description="must be 1 to 256 letters, digits, _ and -"
    )
    public_url: Web | None = Field(None, description="must be the http:// or https:// address of our pages")
    health_listen: Listen | None = Field(None, description="must be host:port")
    max_per_second: int = Field(
        30, ge=1, le=1_000_000, description="must be a whole number from 1 to 1000000"
    )
    confirm_above: int = Field(
        200, ge=0, le=1_000_000, description="must be a whole number from 0 to 1000000"
    )
    admins: Annotated[tuple[int, ...], BeforeValidator(_ids)] = Field(
        (), description="must be Telegram ids, separated by commas"
    )
    translate_url: Web | None = Field(
        None, description="must be the http:// or https:// address of a LibreTranslate server"
    )
    translate_key: Annotated[SecretStr, _secret(r"[!-~]{1,256}")] | None = Field(
        None, description="must be 1 to 256 characters without spaces"
    )
    clock_url: Web | None = Field(None, description="must be the http:// or https:// address of a clock")

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is probably not meant so, for the operator; it may be right where several instances share."""
        if self.public_url is not None and self.health_listen is None:
            return (NOT_SERVED,)
        return ()

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, *_: Any, **__: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed over: `load_settings` reads the environment, so that tests can give another."""
        return (init_settings,)


def load_settings(
    environ: Mapping[str, str] | None = None, env_file: Path | str | None = ".env", *, telegram: bool = True
) -> Settings:
    """The settings of this process.

    environ   variables, instead of the environment's; they win over the file's
    env_file  a file of NAME=value lines; None or a missing one: no file
    telegram  False: for work on the database alone, which needs no token

    An empty variable counts as not given. With a webhook and no secret for it, one is derived from the
    token, so that several processes agree on it.

    Raises SettingsError with every problem there is; it never quotes a secret.
    """
    given = _given(environ, env_file)
    problems = [*_unknown(given), *_token_from_file(given)]
    values = {name: value for name, value in given.items() if name in Settings.model_fields}
    if not telegram:
        values.setdefault("bot_token", NO_TOKEN)
    if "webhook_url" in values and "bot_token" in values:
        values.setdefault("webhook_secret", _derived(values["bot_token"]))
    problems += _contradictions(values)
    try:
        settings = Settings(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = {str(detail["loc"][0]): None for detail in error.errors(include_input=False)}
        problems += [_wrong(name, values.get(name)) for name in wrong if f"{name}_file" not in given]
        raise SettingsError(tuple(problems)) from None  # pydantic's own message quotes the values
    if problems:
        raise SettingsError(tuple(problems))
    return settings


def _given(environ: Mapping[str, str] | None, env_file: Path | str | None) -> dict[str, str]:
    from_file = DotEnvSettingsSource(Settings, env_file=env_file).env_vars
    environment = EnvSettingsSource(Settings).env_vars if environ is None else environ
    everything = {name.upper(): value for name, value in (*from_file.items(), *environment.items())}
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in everything.items()
        if name.startswith(PREFIX) and value
    }
    return {name: value for name, value in given.items() if not _is_of_kubernetes(name, value)}


def _is_of_kubernetes(name: str, value: str) -> bool:
    return bool(_KUBERNETES.fullmatch(name) or _KUBERNETES.fullmatch(f"{name}={value}"))


def _unknown(given: Mapping[str, str]) -> Iterator[Problem]:
    known = [*Settings.model_fields, "bot_token_file"]
    for name in given:
        if name not in known:
            near = nearest(name, known)
            hint = f"(did you mean {_variable(near)}?)" if near else "(see the list of settings)"
            yield Problem("", None, _variable(name), "is not a setting", hint)


def _token_from_file(given: dict[str, str]) -> Iterator[Problem]:
    """Put the token of TOGETHER_BOT_TOKEN_FILE among what was given."""
    path = given.get("bot_token_file")
    if path is None:
        return
    name = _variable("bot_token_file")
    if "bot_token" in given:
        yield Problem("", None, name, "is given beside TOGETHER_BOT_TOKEN", "(keep one of them)")
        return
    try:
        given["bot_token"] = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        yield Problem("", None, name, f"'{path}' cannot be read", f"({reason})")
        return
    if not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", given["bot_token"]):
        yield Problem("", None, name, f"'{path}' holds something that", _must("bot_token"))


def _contradictions(values: Mapping[str, str]) -> Iterator[Problem]:
    if values.get("database_url", "").startswith(DATABASES[1]) and "secret_key" not in values:
        hint = "(PostgreSQL needs one; make it with: openssl rand -hex 32)"
        yield Problem("", None, _variable("secret_key"), "is missing", hint)
    telegram = values.get("api_url", "https://api.telegram.org").startswith("https://api.telegram.org")
    if telegram and "webhook_url" in values:
        yield from _never_called(values["webhook_url"])


def _never_called(address: str) -> Iterator[Problem]:
    """Why Telegram itself would not call there; addresses of no form at all are told by another check."""
    name = _variable("webhook_url")
    if address.startswith("http:"):
        yield Problem("", None, name, "starts with http://", "(Telegram calls only https://)")
    with suppress(ValueError):
        port = urlsplit(address).port
        if port not in (None, *CALLED):
            hint = f"(Telegram calls only {', '.join(map(str, CALLED))})"
            yield Problem("", None, name, f"names port {port}", hint)


def _wrong(name: str, value: str | None) -> Problem:
    if value is None:
        return Problem("", None, _variable(name), "is missing", "(get one from @BotFather)")
    return Problem("", None, _variable(name), _found(name, value), _must(name))


def _found(name: str, value: str) -> str:
    """What was given, without what must stay secret."""
    if name in ("bot_token", "secret_key", "webhook_secret", "translate_key"):
        return "(not shown)"
    if name == "database_url":
        return f"'{value.partition('://')[0][:40]}://...'" if "://" in value else "(not shown)"
    return f"'{_HIDDEN.sub('...', value)}'"


def _must(name: str) -> str:
    return Settings.model_fields[name].description or ""


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _derived(token: str) -> str:
    return hmac.new(token.encode(), b"together webhook secret", hashlib.sha256).hexdigest()
