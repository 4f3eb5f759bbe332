"""One recipe, told twice: what compose.yaml starts is what the units start, with what the documents name."""

import ast
import json
import re
import subprocess
from http.client import HTTPConnection

import pytest

from expertteam.celery import app
from tests.deploy.machine import BACKUPS, CURRENT, HOST, ROOT, VAR, Machine, free_port, unit

DEPLOY = ROOT / "deploy"
UNITS = {
    "web": "portal-web@8001.service",
    "worker": "portal-worker@1.service",
    "beat": "portal-beat.service",
    "backup": "portal-backup.service",
}
ARCHIVE = "/var/backups/postgresql"
OTHER = {"PYTHONPATH"}  # read by Python itself


@pytest.fixture(scope="module")
def compose():
    """compose.yaml, read by Debian's python3-yaml."""
    read = "import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))"
    with (DEPLOY / "compose.yaml").open() as file:
        return json.loads(
            subprocess.run(["/usr/bin/python3", "-c", read], stdin=file, check=True, capture_output=True).stdout
        )


def command(service):
    """The words, without where the program lies, where it listens and how a worker is called."""
    words = service.removeprefix(f"{CURRENT}/.venv/bin/").replace("worker1@", "worker@")
    return words.replace(" --bind 0.0.0.0:8000", "").split()


@pytest.mark.deploy
@pytest.mark.parametrize(("service", "name"), UNITS.items())
def test_containers_run_what_the_units_run(compose, service, name):
    there, here = compose["services"][service], unit(name)["Service"]

    assert command(there["command"]) == command(here["ExecStart"])
    assert there["env_file"] == "portal.env"
    assert here["EnvironmentFile"].endswith("/portal.env")
    assert {each.partition(":")[2] for each in there["volumes"]} >= {VAR}
    if "stop_grace_period" in there:
        assert there["stop_grace_period"] == f"{here['TimeoutStopSec']}s"


@pytest.mark.deploy
def test_images_are_of_a_version(compose):
    images = [each["image"] for each in compose["services"].values() if each["image"] != "portal"]
    images.append(re.search(r"^FROM (\S+)$", (DEPLOY / "Dockerfile").read_text(), re.M)[1])

    assert [each for each in images if not re.search(r":\d+\.\d+", each)] == []
    assert len(images) == 4


@pytest.mark.parametrize("name", sorted(path.name for path in (DEPLOY / "systemd").glob("*.service")))
def test_a_unit_is_shut_in(name):
    """It writes where it must, is nobody in particular, and gains nothing."""
    service = unit(name.replace("@", "@1"))["Service"]

    user, places = ("postgres", {ARCHIVE}) if name == "portal-basebackup.service" else ("portal", {VAR, BACKUPS})
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == (user, "true", "strict")
    assert set(service["ReadWritePaths"].split()) <= places


def test_nobody_is_killed_before_he_can_be_done():
    web, worker = (unit(UNITS[name])["Service"]["TimeoutStopSec"] for name in ("web", "worker"))
    graceful = re.search(r"graceful_timeout = \d+, (\d+)", (DEPLOY / "gunicorn.py").read_text())[1]

    assert int(web) > int(graceful)
    assert int(worker) > app.conf.task_time_limit


def read_from_the_environment():
    """Names that settings.py and environment.py ask for."""
    text = "".join((ROOT / f"expertteam/{name}.py").read_text(encoding="utf8") for name in ("settings", "environment"))
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args]
    asked = [node.args[0] for node in calls if ast.unparse(node.func) in ("os.environ.get", "listed")]
    return {each.value for each in asked if isinstance(each, ast.Constant)}


def test_every_variable_is_documented_and_no_other():
    table = (
        (ROOT / "docs/operations.md").read_text(encoding="utf8").partition("## Every variable")[2].partition("\n## ")[0]
    )
    documented = {
        name
        for line in table.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`([A-Z_]+)`", line.split("|")[1])
    }

    assert documented - OTHER == read_from_the_environment() - {"DEMO"}


def test_the_example_names_variables_that_are_read_and_holds_no_secret():
    lines = [
        line
        for line in (DEPLOY / "portal.env.example").read_text(encoding="utf8").splitlines()
        if line and line[0] != "#"
    ]
    given = dict(line.split("=", 1) for line in lines)

    assert set(given) - OTHER <= read_from_the_environment()
    assert {given[name] for name in ("SECRET_KEY", "FIELD_KEYS", "EMAIL_PASSWORD", "BACKUP_IDENTITY")} == {""}


@pytest.fixture
def site(tmp_path):
    """nginx alone; nobody is behind it."""
    it = Machine(tmp_path / "machine", {}, ports=[free_port(), free_port()])
    try:
        it.serve()
        yield it
    finally:
        it.off()


@pytest.mark.deploy
@pytest.mark.parametrize(
    ("path", "status", "location"),
    [
        ("/api/v1/experts?q=1", 403, None),
        ("/api/v1", 301, f"https://{HOST}/api/v1"),
        ("/my/Vq3kz9dGm2pYxT4u/?q=1", 301, f"https://{HOST}/my/Vq3kz9dGm2pYxT4u/?q=1"),
    ],
)
def test_whoever_comes_in_clear_is_sent_on_but_a_program_is_refused(site, path, status, location):
    """And nothing of it is written down."""
    plain = HTTPConnection("127.0.0.1", site.plain_port, timeout=10)

    plain.request("GET", path, headers={"Host": HOST})
    answer = plain.getresponse()

    assert (answer.status, answer.headers["Location"]) == (status, location)
    plain.close()
    site.off()
    assert [log.name for log in site.logs.iterdir() if "GET" in log.read_text() or "127.0.0.1" in log.read_text()] == []


@pytest.mark.deploy
def test_the_portals_role_is_made_by_a_script_and_is_not_the_images_superuser(compose):
    """``expertteam.E009`` refuses the superuser; what the image is told of a user becomes one."""
    database = compose["services"]["postgres"]

    assert set(database["environment"]) == {"POSTGRES_PASSWORD"}
    [script] = [each for each in database["volumes"] if ":/docker-entrypoint-initdb.d/" in each]
    file = DEPLOY / script.partition(":")[0]
    assert "CREATE ROLE portal LOGIN NOSUPERUSER" in file.read_text()
    assert file.stat().st_mode & 0o111 == 0o111


@pytest.mark.parametrize("name", ["portal.env", "tls", "local", "backups"])
def test_what_compose_keeps_beside_it_reaches_neither_repository_nor_image(name):
    for file in (".gitignore", ".dockerignore"):
        left_out = [line.strip("/") for line in (ROOT / file).read_text().splitlines()]
        assert f"deploy/{name}" in left_out


@pytest.fixture
def portal(tmp_path):
    """``deploy/portal`` with its places here, whose Python prints its settings and words."""
    (tmp_path / "bin").mkdir()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for name, text in (("bin/runuser", 'shift 3; exec "$@"'), (".venv/bin/python", 'env; echo "told $*"')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    script = (DEPLOY / "portal").read_text().replace("/etc/portal", str(tmp_path))

    def run(*words):
        environment = {"PATH": f"{tmp_path}/bin:/usr/bin:/bin", "RELEASE": str(tmp_path)}
        done = subprocess.run(["sh", "-c", script, "portal", *words], env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout.splitlines()

    return run, tmp_path / "portal.env"


def test_the_command_takes_settings_as_systemd_does(portal):
    run, file = portal
    given = ["DATABASE_URL=postgres://p:a$b@h/portal?a=b&c=d", "SITE_URL=`id`;x", "EMAIL_USER= two  words", "VAR_DIR="]
    file.write_text("\n".join(["# SECRET_KEY=no", "; FIELD_KEYS=no", "", *given]))  # the last line has no end

    status, said = run("verify", "two words")

    assert status == 0
    assert set(given) <= set(said)
    assert said[-1] == "told manage.py verify two words"
    assert not [line for line in said if line.startswith(("SECRET_KEY", "FIELD_KEYS"))]


def test_the_command_does_nothing_without_its_settings(portal):
    """It would work on a database of its own and say that all is well."""
    run, file = portal
    assert run("verify") == (2, [])
    file.write_text("DATABASE_URL\n")
    assert run("verify") == (78, [])
