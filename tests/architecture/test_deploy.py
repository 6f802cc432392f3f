"""The files of deploy/: they agree with the settings and with each other, and do what they say."""

import ast
import os
import re
import subprocess
import time
import tomllib
from configparser import RawConfigParser
from pathlib import Path
from typing import Final

import pytest

from bot.commands.cli import RIVAL
from config.settings import PREFIX, Settings
from storage.instance import Role
from tests.architecture.sources import PROJECT, modules

DEPLOY: Final = PROJECT / "deploy"
OPERATORS: Final = PROJECT / "docs" / "operators.md"
FILES: Final = sorted(file for file in DEPLOY.iterdir() if file.is_file())
NAMES: Final = {f"{PREFIX}{name.upper()}" for name in (*Settings.model_fields, "bot_token_file")}
ENDS_WITHIN: Final = 10  # seconds, as docs/operators.md promises


def text(name: str) -> str:
    """One of the files."""
    return (DEPLOY / name).read_text(encoding="utf-8")


def port_of(setting: str, name: str) -> set[str]:
    """The ports a setting is given in a file."""
    return set(re.findall(rf"{setting}[=:] *[\d.]+:(\d+)", text(name)))


def unit(name: str) -> RawConfigParser:
    """A unit of systemd; of a key that is there twice, the last."""
    parser = RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text(name))
    return parser


@pytest.mark.parametrize("file", [*FILES, OPERATORS], ids=lambda file: file.name)
def test_every_setting_that_is_named_exists(file: Path) -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", file.read_text(encoding="utf-8")))

    assert named - NAMES == set()


def test_settings_are_named_at_all() -> None:
    """Else the rule above would hold for empty files."""
    named = set(re.findall(rf"{PREFIX}[A-Z_]*[A-Z]", "".join(map(text, ("compose.yaml", "Dockerfile")))))

    assert {"TOGETHER_DATABASE_URL", "TOGETHER_WEBHOOK_LISTEN", "TOGETHER_HEALTH_LISTEN"} <= named


def test_everybody_means_the_same_port_of_the_webhook() -> None:
    port = str(Settings.model_fields["webhook_listen"].default.port)

    assert port_of("TOGETHER_WEBHOOK_LISTEN", "compose.yaml") == {port}
    assert f"UPSTREAM: ${{UPSTREAM:-bot:{port}}}" in text("compose.yaml")
    assert f"{{$UPSTREAM:127.0.0.1:{port}}}" in text("Caddyfile")
    assert f"proxy_pass http://127.0.0.1:{port};" in text("nginx.conf")


def test_everybody_means_the_same_path_of_the_webhook() -> None:
    [path] = set(re.findall(r"TOGETHER_WEBHOOK_URL=https://[^/\s]+(\S+)", text("together.env.example")))

    assert f"path {path}\n" in text("Caddyfile")
    assert f"location = {path} {{" in text("nginx.conf")
    assert f"TOGETHER_WEBHOOK_URL=https://together.example.org{path}\n" in OPERATORS.read_text()


def test_proxies_let_through_what_the_bot_takes_and_no_more() -> None:
    [largest] = [
        ast.unparse(node.value)
        for node in modules("bot")["bot/listening/webhook.py"].body
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "LARGEST" and node.value
    ]

    assert largest == "1024 ** 2"
    assert "max_size 1MiB" in text("Caddyfile")
    assert "client_max_body_size 1m;" in text("nginx.conf")


def test_the_image_asks_where_the_bot_answers() -> None:
    [port] = port_of("TOGETHER_HEALTH_LISTEN", "Dockerfile")

    assert port_of("TOGETHER_HEALTH_LISTEN", "compose.yaml") == {port}
    assert f"http://127.0.0.1:{port}/readyz" in text("Dockerfile")


def test_the_image_has_all_of_the_project_that_runs_and_no_more() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    packages = {name.rstrip("*") for name in project["tool"]["setuptools"]["packages"]["find"]["include"]}
    copies = re.findall(r"^COPY (?!--from)(?:--\S+ )?(.+) \S+$", text("Dockerfile"), re.MULTILINE)
    copied = {name for names in copies for name in names.split()}
    let_in = set(re.findall(r"^!(\S+)$", text("Dockerfile.dockerignore"), re.MULTILINE))

    assert copied == let_in
    assert packages <= copied
    assert [name for name in copied if not (PROJECT / name).exists()] == []
    assert not copied & {"tests", "docs"}


def test_the_last_stage_of_the_image_builds_nothing_and_is_not_root() -> None:
    last = text("Dockerfile").rpartition("\nFROM ")[2]

    assert not re.search(r"\bpip\b|gcc|build-essential|-dev\b", last)
    assert last.index("USER 10001") < last.index("ENTRYPOINT")


def test_the_backup_programs_in_the_image_are_as_new_as_the_server_beside_it() -> None:
    [client] = re.findall(r"postgresql-client-(\d+)", text("Dockerfile"))
    [server] = re.findall(r"image: postgres:(\d+)", text("compose.yaml"))

    assert client == server


def test_the_secrets_that_are_handed_over_are_those_that_are_read() -> None:
    read = set(re.findall(r"\$secrets/(\w+)", text("together-container")))
    files = dict(re.findall(r"^  (\w+):\n    file: secrets/(\w+)$", text("compose.yaml"), re.MULTILINE))
    [given] = re.findall(r"^    secrets: \[(bot_token[^\]]*)\]$", text("compose.yaml"), re.MULTILINE)

    assert set(files) == set(files.values()) == set(given.split(", ")) == read


def test_the_service_ends_in_order_and_is_not_started_against_a_rival() -> None:
    service = unit("together.service")["Service"]

    assert int(service["TimeoutStopSec"]) > ENDS_WITHIN
    assert service["Restart"] == "on-failure"
    assert service["RestartPreventExitStatus"] == str(RIVAL)


@pytest.mark.parametrize("name", ["together.service", "together-backup.service"])
def test_a_service_may_write_what_is_its_own_alone(name: str) -> None:
    service = unit(name)["Service"]

    assert service["User"] == "together"
    assert service["UMask"] == "0077"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == service["ProtectHome"] == service["PrivateTmp"] == "yes"
    assert service["CapabilityBoundingSet"] == ""


@pytest.mark.parametrize("role", ["listen", "push"])
def test_a_role_of_the_service_is_one_that_the_command_knows(role: str) -> None:
    command = unit("together.service")["Service"]["ExecStart"]

    assert unit(f"{role}.conf")["Service"]["ExecStart"] == f"{command} --role {Role(role)}"
    assert f"--role {role}" in text("compose.yaml") or f"BOT_ROLE={role}" in OPERATORS.read_text()


def test_what_the_service_runs_lies_where_the_scripts_look_for_it() -> None:
    command = unit("together.service")["Service"]["ExecStart"].removesuffix(" run")
    script = unit("together-backup.service")["Service"]["ExecStart"]

    assert f"{command}}}" in text("together-backup")
    assert f"{command} " in text("together-shortcut")
    assert (DEPLOY / Path(script).name).stat().st_mode & 0o111


def test_every_file_the_operators_are_sent_to_is_there() -> None:
    named = set(re.findall(r"\bdeploy/([\w.-]*\w)", OPERATORS.read_text(encoding="utf-8")))
    made_by_them = {"backups", "secrets", "territories", "together.env"}

    assert named - made_by_them <= {file.name for file in FILES}
    assert {"together.service", "Dockerfile", "compose.yaml", "Caddyfile", "nginx.conf"} <= named


def script(path: Path, content: str) -> Path:
    """A program that stands for ours."""
    path.write_text(f"#!/bin/sh\n{content}\n")
    path.chmod(0o755)
    return path


def run(name: str, *arguments: str, **variables: str | Path) -> str:
    """What one of the scripts says."""
    environment = os.environ | {name: str(value) for name, value in variables.items()}
    done = subprocess.run(
        [DEPLOY / name, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_nightly_backup_keeps_thirty_days(tmp_path: Path) -> None:
    together = script(tmp_path / "together", 'test "$1 $2 $4" = "backup --output --force" && touch "$3"')
    backups = tmp_path / "backups"
    backups.mkdir()
    for name, days in (("new.backup", 29), ("old.backup", 32), ("old.backup.erasures", 32), ("notes", 99)):
        (backups / name).touch()
        os.utime(backups / name, (0, time.time() - days * 86400))

    run("together-backup", COMMAND=together, BACKUPS=backups)

    left = {file.name for file in backups.iterdir()}
    [made] = left - {"new.backup", "notes"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d\.backup", made)


def test_a_nightly_backup_that_fails_deletes_nothing(tmp_path: Path) -> None:
    together = script(tmp_path / "together", "exit 1")
    old = tmp_path / "old.backup"
    old.touch()
    os.utime(old, (0, 0))

    with pytest.raises(subprocess.CalledProcessError):
        run("together-backup", COMMAND=together, BACKUPS=tmp_path)

    assert old.exists()


def test_the_command_in_the_image_reads_secrets_and_passes_on_what_it_is_told(tmp_path: Path) -> None:
    for name in ("bot_token", "secret_key", "postgres_password"):
        (tmp_path / name).write_text(f"the {name}\n")
    shown = '"$TOGETHER_SECRET_KEY" "$PGPASSWORD" "$TOGETHER_BOT_TOKEN_FILE" "$@"'
    together = script(tmp_path / "together", f"printf '%s\\n' {shown}")

    said = run("together-container", "backup", "two words", COMMAND=together, SECRETS=tmp_path)

    token = str(tmp_path / "bot_token")
    assert said.splitlines() == ["the secret_key", "the postgres_password", token, "backup", "two words"]
