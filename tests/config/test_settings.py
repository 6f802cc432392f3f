"""Settings: what operators may give, and how they are told what is wrong, without a secret leaking."""

import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Address, Settings, SettingsError, load_settings

TOKEN = "123456:AAH-canary_token_that_must_never_be_seen"
ENOUGH = {"TOGETHER_BOT_TOKEN": TOKEN}


def loaded(**variables: str) -> Settings:
    return load_settings({**ENOUGH, **{f"TOGETHER_{name}": value for name, value in variables.items()}}, None)


def refusal(**variables: str) -> str:
    with pytest.raises(SettingsError) as caught:
        loaded(**variables)
    return str(caught.value)


def test_a_token_is_all_that_is_needed():
    settings = loaded()

    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.api_url == "https://api.telegram.org"
    assert settings.database_url == "sqlite+aiosqlite:///together.db"
    assert (settings.territories / "mulhouse.toml").is_file()
    assert settings.max_per_second == 30
    assert settings.health_listen is None
    assert settings.webhook_url is None
    assert settings.admins == ()


def test_without_a_token_one_is_told_where_to_get_it():
    with pytest.raises(SettingsError) as caught:
        load_settings({}, None)

    assert str(caught.value) == "1 setting is wrong: TOGETHER_BOT_TOKEN is missing (get one from @BotFather)"


def test_all_problems_are_told_at_once():
    with pytest.raises(SettingsError) as caught:
        load_settings({"TOGETHER_DATABASE_URL": "mysql://localhost/x", "TOGETHER_MAX_PER_SECOND": "0"}, None)

    assert str(caught.value) == (
        "3 settings are wrong: "
        "TOGETHER_BOT_TOKEN is missing (get one from @BotFather); "
        "TOGETHER_DATABASE_URL 'mysql://...' must start with sqlite+aiosqlite:// or postgresql+asyncpg://; "
        "TOGETHER_MAX_PER_SECOND '0' must be a whole number from 1 to 1000000"
    )


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("api_url", "http://127.0.0.1:8081/", "http://127.0.0.1:8081"),
        ("database_url", "sqlite+aiosqlite:////tmp/a.db", "sqlite+aiosqlite:////tmp/a.db"),
        ("webhook_listen", "0.0.0.0:9000", Address("0.0.0.0", 9000)),
        ("health_listen", "[::1]:0", Address("::1", 0)),
        ("max_per_second", "1000", 1000),
        ("admins", "11, 22 ,33,", (11, 22, 33)),
        ("admins", "", ()),
        ("clock_url", "http://127.0.0.1:1/clock", "http://127.0.0.1:1/clock"),
        ("public_url", "https://together.example.org/", "https://together.example.org"),
    ],
)
def test_settings_are_read_as_what_they_are(name, value, kept):
    assert getattr(loaded(**{name.upper(): value}), name) == kept


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_URL", "api.telegram.org"),
        ("API_URL", "ftp://api.telegram.org"),
        ("DATABASE_URL", "sqlite:///together.db"),
        ("DATABASE_URL", "postgresql://h/x"),
        ("TERRITORIES", "/does/not/exist"),
        ("SECRET_KEY", "short"),
        ("WEBHOOK_URL", "together.example.org/hook"),
        ("WEBHOOK_URL", "https://together.example.org:99999/hook"),
        ("WEBHOOK_URL", "https://together.example.org:https/hook"),
        ("WEBHOOK_LISTEN", "8443"),
        ("WEBHOOK_LISTEN", "localhost"),
        ("WEBHOOK_LISTEN", "localhost:99999"),
        ("WEBHOOK_SECRET", "naïve"),
        ("WEBHOOK_SECRET", "x" * 257),
        ("HEALTH_LISTEN", "http://localhost:80"),
        ("MAX_PER_SECOND", "fast"),
        ("MAX_PER_SECOND", "1000001"),
        ("ADMINS", "@someone"),
        ("CLOCK_URL", "now"),
    ],
)
def test_a_wrong_value_is_refused_by_its_name(name, value):
    assert f"TOGETHER_{name} " in refusal(**{name: value})


def test_an_unknown_variable_is_told_with_the_one_that_was_meant():
    assert refusal(DATABSE_URL="sqlite+aiosqlite:///x.db") == (
        "1 setting is wrong: TOGETHER_DATABSE_URL is not a setting (did you mean TOGETHER_DATABASE_URL?)"
    )


def test_variables_of_others_are_left_alone():
    assert load_settings({**ENOUGH, "PATH": "/bin", "BOT_TOKEN": "x"}, None).admins == ()


def test_postgresql_needs_a_key_that_all_processes_share():
    message = refusal(DATABASE_URL="postgresql+asyncpg://u:pw@h/x")

    assert "TOGETHER_SECRET_KEY is missing (PostgreSQL needs one" in message
    assert loaded(DATABASE_URL="postgresql+asyncpg://u:pw@h/x", SECRET_KEY="k" * 32).secret_key is not None


def test_telegram_itself_calls_only_https():
    assert "TOGETHER_WEBHOOK_URL starts with http://" in refusal(WEBHOOK_URL="http://example.org/hook")


def test_telegram_itself_calls_only_four_ports():
    assert loaded(WEBHOOK_URL="https://example.org:8443/hook").webhook_url == "https://example.org:8443/hook"
    assert refusal(WEBHOOK_URL="https://example.org:8444/hook") == (
        "1 setting is wrong: TOGETHER_WEBHOOK_URL names port 8444 (Telegram calls only 443, 80, 88, 8443)"
    )


def test_what_kubernetes_tells_of_a_service_of_that_name_is_not_meant_for_us():
    told = {
        "TOGETHER_SERVICE_HOST": "10.0.0.11",
        "TOGETHER_SERVICE_PORT": "8443",
        "TOGETHER_SERVICE_PORT_WEBHOOK": "8443",
        "TOGETHER_PORT": "tcp://10.0.0.11:8443",
        "TOGETHER_PORT_8443_TCP": "tcp://10.0.0.11:8443",
        "TOGETHER_PORT_8443_TCP_PROTO": "tcp",
        "TOGETHER_PORT_8443_TCP_PORT": "8443",
        "TOGETHER_PORT_8443_TCP_ADDR": "10.0.0.11",
    }

    assert load_settings({**ENOUGH, **told}, None) == load_settings(ENOUGH, None)
    assert "TOGETHER_PORT is not a setting" in refusal(PORT="8443")


def test_another_bot_api_may_call_http():
    settings = loaded(WEBHOOK_URL="http://127.0.0.1:9/hook", API_URL="http://127.0.0.1:8")

    assert settings.webhook_url == "http://127.0.0.1:9/hook"


def test_a_webhook_always_has_a_secret_and_all_processes_agree_on_it():
    one = loaded(WEBHOOK_URL="https://example.org/hook").webhook_secret
    two = loaded(WEBHOOK_URL="https://example.org/hook").webhook_secret
    given = loaded(WEBHOOK_URL="https://example.org/hook", WEBHOOK_SECRET="mine").webhook_secret

    assert one is not None
    assert one == two
    assert TOKEN not in one.get_secret_value()
    assert given is not None
    assert given.get_secret_value() == "mine"


def test_the_token_can_stand_in_a_file(tmp_path: Path):
    (tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")

    settings = load_settings({"TOGETHER_BOT_TOKEN_FILE": str(tmp_path / "token")}, None)

    assert settings.bot_token.get_secret_value() == TOKEN


@pytest.mark.parametrize("content", [b"no token at all", b"\xff\xfe", b""])
def test_a_file_without_a_token_is_refused_by_its_path(tmp_path: Path, content: bytes):
    (tmp_path / "token").write_bytes(content)

    with pytest.raises(SettingsError) as caught:
        load_settings({"TOGETHER_BOT_TOKEN_FILE": str(tmp_path / "token")}, None)

    assert str(caught.value).startswith(
        f"1 setting is wrong: TOGETHER_BOT_TOKEN_FILE '{tmp_path / 'token'}' "
    )
    assert "no token at all" not in str(caught.value)


def test_two_tokens_are_one_too_many(tmp_path: Path):
    assert "TOGETHER_BOT_TOKEN_FILE is given beside TOGETHER_BOT_TOKEN" in refusal(
        BOT_TOKEN_FILE=str(tmp_path / "token")
    )


def test_the_environment_wins_over_the_file_and_empty_is_not_given(tmp_path: Path):
    file = tmp_path / ".env"
    file.write_text(f"TOGETHER_BOT_TOKEN={TOKEN}\nTOGETHER_MAX_PER_SECOND=5\nTOGETHER_ADMINS=7\n", "utf-8")

    settings = load_settings({"TOGETHER_MAX_PER_SECOND": "6", "TOGETHER_ADMINS": ""}, file)

    assert settings.max_per_second == 6
    assert settings.admins == ()


def test_a_missing_file_is_no_problem(tmp_path: Path):
    assert load_settings(ENOUGH, tmp_path / ".env").max_per_second == 30


def test_neither_repr_nor_str_show_a_secret():
    settings = loaded(
        DATABASE_URL="postgresql+asyncpg://u:canary_password@h/x",
        SECRET_KEY="canary_key_of_the_territory",
        WEBHOOK_SECRET="canary_secret",
    )

    assert "canary" not in repr(settings) + str(settings)


@given(
    name=st.sampled_from([*Settings.model_fields, "bot_token_file", "bot_tokem"]), before=st.text(max_size=5)
)
def test_no_message_quotes_a_secret_wherever_it_was_put(name: str, before: str):
    value = f"{before.strip()}//user:canary_password_of_us@host {TOKEN}".replace("\0", "")
    hidden = ("canary_password", "canary_token")
    if name in ("territories", "bot_token_file"):
        hidden = ("canary_token",)  # paths have no passwords

    told = said_about({**ENOUGH, f"TOGETHER_{name.upper()}": value})

    assert not any(secret in told for secret in hidden)


def said_about(environ: dict[str, str]) -> str:
    """All that ever gets printed about these settings."""
    try:
        return repr(load_settings(environ, None))
    except SettingsError as error:
        return "".join(traceback.format_exception(error))


def test_work_on_the_database_alone_needs_no_token() -> None:
    settings = load_settings({}, None, telegram=False)

    assert settings.database_url == "sqlite+aiosqlite:///together.db"
    with pytest.raises(SettingsError, match="TOGETHER_BOT_TOKEN is missing"):
        load_settings({}, None)


def test_an_address_that_is_given_to_people_and_served_by_nobody_here_is_doubted():
    calendars = "https://together.example"

    assert loaded().doubts == loaded(HEALTH_LISTEN="127.0.0.1:8080").doubts == ()
    assert loaded(PUBLIC_URL=calendars, HEALTH_LISTEN="127.0.0.1:8080").doubts == ()
    [doubt] = loaded(PUBLIC_URL=calendars).doubts
    assert "TOGETHER_HEALTH_LISTEN" in doubt
