"""deploy/ is true: every path, command and setting in it is tried, and its makers' own checks pass."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.settings import Settings, load_settings
from webapp import create_app
from webapp.cli import cli

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted(path.name for path in DEPLOY.glob("*.service"))
SAMPLES = sorted(path.name for path in DEPLOY.glob("nginx-*.conf"))
BIN = "/opt/communique/bin/"
#: The exposure, of 10, that systemd says a unit has at the most.
EXPOSURE = 1.5

#: nginx asks for the files that a sample names; a key and a certificate of nobody.
CERTIFICATE = (
    "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=intranet.example -days 1 "
    "-keyout key.pem -out certificate.pem"
)


def needs(program: str) -> pytest.MarkDecorator:
    """Skip a test where a program is not installed."""
    found = shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")
    return pytest.mark.skipif(not found, reason=f"{program} is not installed")


def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """What deploy/communique.toml says."""
    for name in ("RAW", "INDEX"):
        monkeypatch.delenv(f"COMMUNIQUE_{name}", raising=False)
    monkeypatch.setenv("COMMUNIQUE_CONFIG", str(DEPLOY / "communique.toml"))
    return load_settings()


def unit(name: str) -> configparser.RawConfigParser:
    """A unit; of settings that stand twice the last."""
    parser = configparser.RawConfigParser(strict=False, delimiters="=")
    parser.optionxform = str  # type: ignore[method-assign,assignment]
    parser.read_string((DEPLOY / name).read_text("utf-8"))
    return parser


def commands() -> list[str]:
    """Each command of a unit, those in comments too."""
    text = "".join((DEPLOY / name).read_text("utf-8") for name in UNITS)
    return re.findall(r"^(?:# )?ExecStart=(.+)$", text, re.M)


@pytest.mark.parametrize("command", commands())
def test_units_run_what_there_is(command: str) -> None:
    """Commands and options of ours, and a configuration of gunicorn's that lies in deploy/."""
    program, *arguments = shlex.split(command)
    assert program.startswith(BIN)
    if program == f"{BIN}gunicorn":
        option, configuration, app = arguments
        assert option == "--config"
        assert (DEPLOY / Path(configuration).name).exists()
        assert app == "webapp.wsgi:app"
        assert (ROOT / "webapp" / "wsgi.py").exists()
    else:
        assert program == f"{BIN}communique"
        name, *options = arguments
        cli.commands[name].make_context(name, options)


@pytest.mark.parametrize("name", UNITS)
def test_units_and_settings_agree(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server may read what the settings name and write nothing, the indexer only the index."""
    told = settings(monkeypatch)
    service = unit(name)["Service"]
    assert service["Environment"] == "COMMUNIQUE_CONFIG=/etc/communique/communique.toml"
    assert service["ProtectSystem"] == "strict"
    unwritable = [Path(each) for each in service["ReadOnlyPaths"].split()]
    assert any(Path(told.raw).is_relative_to(each) for each in unwritable)
    if name == "communique-index.service":
        state = Path("/var/lib") / service["StateDirectory"]
        assert Path(told.index).parent == state
    else:
        assert "StateDirectory" not in service and "ReadWritePaths" not in service
        assert any(Path(told.index).is_relative_to(each) for each in unwritable)


def placed(tmp_path: Path) -> list[Path]:
    """The units as they are where the program is the one that runs these tests."""
    paths = []
    for path in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        own = f"{Path(sys.executable).parent}/"
        (tmp_path / path.name).write_text(
            path.read_text("utf-8").replace(BIN, own), "utf-8"
        )
        paths.append(tmp_path / path.name)
    return paths


def checked(*command: object, cwd: Path) -> str:
    """What a program says that has to be content."""
    run = subprocess.run(
        [str(each) for each in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout + run.stderr


@needs("systemd-analyze")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """Every setting is known to it, and every program there."""
    paths = placed(tmp_path)
    said = checked("systemd-analyze", "verify", "--man=no", *paths, cwd=tmp_path)
    assert not [line for line in said.splitlines() if str(tmp_path) in line]


@needs("systemd-analyze")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_the_units_hardened(name: str, tmp_path: Path) -> None:
    """By its own measure, 0 for best and 10 for worst."""
    placed(tmp_path)
    checked(
        *("systemd-analyze", "security", "--offline=true", "--no-pager"),
        *(f"--threshold={round(EXPOSURE * 10)}", tmp_path / name),
        cwd=tmp_path,
    )


@needs("nginx")
@pytest.mark.parametrize("name", SAMPLES)
def test_nginx_understands_the_samples(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a certificate of nobody's; and they pass on to where the server listens."""
    sample = (DEPLOY / name).read_text("utf-8")
    told = settings(monkeypatch)
    assert f"proxy_pass http://{told.host}:{told.port}" in sample
    checked(*shlex.split(CERTIFICATE), cwd=tmp_path)
    sample = sample.replace(
        "/etc/ssl/certs/intranet.example.pem", str(tmp_path / "certificate.pem")
    ).replace("/etc/ssl/private/intranet.example.key", str(tmp_path / "key.pem"))
    assert "/etc/ssl" not in sample
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {sample} }}"
    (tmp_path / "nginx.conf").write_text(whole, "utf-8")
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    said = checked(
        nginx, "-t", "-p", tmp_path, "-c", tmp_path / "nginx.conf", cwd=tmp_path
    )
    assert "warn" not in said


def test_the_container_is_made_of_what_there_is() -> None:
    """What it copies, the extras it installs, the user it runs as, and what it looks at."""
    text = (DEPLOY / "Containerfile").read_text("utf-8")
    for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.M):
        *sources, _ = line.split()
        assert all((ROOT / source).exists() for source in sources), line
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    (extras,) = re.findall(r"\.\[(.+?)\]", text)
    assert set(extras.split(",")) <= set(setup["options.extras_require"])
    rules = {rule.rule for rule in create_app().url_map.iter_rules()}
    (asked,) = re.findall(r"127\.0\.0\.1:8000(/\w+)'", text)
    assert asked in rules
    assert text.index("USER communique") < text.index('CMD ["gunicorn"')
    ((configuration),) = re.findall(r"^COPY deploy/\S+ (\S+)$", text, re.M)
    assert f'"--config", "{configuration}"' in text
