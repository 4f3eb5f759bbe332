"""One machine as docs/operations.md sets it up, with systemd's part played here: units read, their commands run.

Nothing is written twice: commands, signals and patience come from ``deploy/systemd``, the site from ``deploy/nginx``.
Only places and ports are other ones.
"""

import configparser
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from contextlib import suppress
from http.client import HTTPSConnection
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOST = "portal.example.cn"
CURRENT, VAR, BACKUPS = "/srv/portal/current", "/var/lib/portal", "/var/backups/portal"
PATIENCE = 120  # seconds for a process to start on a machine that has much else to do


def unit(name: str, folder: Path = ROOT / "deploy/systemd") -> dict[str, dict[str, str]]:
    """The sections of the unit that makes ``portal-web@8001.service``, with its ``%i`` and ``%%`` resolved."""
    stem, _, rest = name.partition("@")
    instance, _, suffix = rest.rpartition(".") if rest else ("", "", "")
    text = (folder / (f"{stem}@.{suffix}" if rest else name)).read_text(encoding="utf8")
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(text.replace("%i", instance).replace("%%", "%"))
    return {section: dict(parser[section]) for section in parser.sections()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(so, seconds=PATIENCE):
    """Wait for the outcome; says what was waited for when it does not come."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError):
            if found := so():
                return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} seconds in vain for {so}")


class Machine:
    """Releases, units and a site in a folder of their own."""

    def __init__(self, folder: Path, environment: dict[str, str], ports: list[int]):
        self.folder, self.ports, self.site_port, self.plain_port = folder, ports, free_port(), free_port()
        self.current, self.var, self.backups = folder / "current", folder / "var", folder / "backups"
        self.logs = folder / "logs"
        for each in (self.var / "static", self.backups, self.logs, folder / "nginx", folder / "tls"):
            each.mkdir(parents=True)
        passed = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME", "TZ")}
        self.environment = passed | environment | {"VAR_DIR": str(self.var)}
        self.processes, self.sockets = {}, {}
        self.log = (self.logs / "portal.log").open("ab")

    def here(self, text: str) -> str:
        """A line of the recipe, with this machine's places."""
        for place, ours in ((CURRENT, self.current), (VAR, self.var), (BACKUPS, self.backups)):
            text = text.replace(place, str(ours))
        return text

    def release(self, name: str, tree: Path):
        """``tree`` becomes a release that can be switched to; it shares the virtual environment."""
        target = self.folder / "releases" / name
        shutil.copytree(tree, target, ignore=shutil.ignore_patterns(".venv", ".git", "var", "__pycache__", ".*_cache"))
        (target / ".venv").symlink_to(ROOT / ".venv")

    def switch(self, name: str):
        """``ln -sfn releases/NAME current``."""
        aside = self.folder / "next"
        aside.symlink_to(self.folder / "releases" / name)
        aside.replace(self.current)

    def manage(self, *words: str, release: str = "", **options) -> str:
        """What ``manage.py`` prints; ``CalledProcessError`` when it fails."""
        place = self.folder / "releases" / release if release else self.current
        command = [str(place / ".venv/bin/python"), "manage.py", *words]
        options = {"check": True, "cwd": place, "env": self.environment, "text": True} | options
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
        return done.stdout

    # What systemd does.

    def listen(self, port: int):
        """``systemctl start portal-web@PORT.socket``."""
        said = unit(f"portal-web@{port}.socket")["Socket"]
        host, _, number = said["ListenStream"].rpartition(":")
        self.sockets[port] = socket.create_server((host, int(number)), backlog=int(said["Backlog"]))

    def start(self, name: str):
        """``systemctl start NAME``; a service with a socket is handed it."""
        service = unit(name)["Service"]
        environment, handed = dict(self.environment), self.sockets.get(self.port_of(name))
        command = ["sh", "-c", f"exec {self.here(service['ExecStart'])}"]
        if handed:
            command[2] = f"export LISTEN_PID=$$; {command[2]}"
            environment["LISTEN_FDS"] = "1"

        def hand_over():
            if handed:
                os.dup2(handed.fileno(), 3, inheritable=True)

        self.processes[name] = subprocess.Popen(
            command, cwd=self.here(service["WorkingDirectory"]), env=environment, stdout=self.log, stderr=self.log,
            start_new_session=True, close_fds=False, preexec_fn=hand_over,
        )  # fmt: skip

    def stop(self, name: str):
        """``systemctl stop NAME``: SIGTERM to the main process, its whole patience, and it must have sufficed."""
        process = self.processes.pop(name)
        process.terminate()
        process.wait(int(unit(name)["Service"]["TimeoutStopSec"]))

    def restart(self, name: str):
        """``systemctl restart NAME``."""
        self.stop(name)
        self.start(name)

    def kill(self, name: str):
        """``systemctl kill --signal KILL NAME``: all of its processes, at once."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def port_of(self, name: str) -> int:
        return int(name.partition("@")[2].partition(".")[0]) if name.startswith("portal-web@") else 0

    def ready(self, port: int) -> bool:
        """Whether this process answers ``/readyz``, as the deployer asks before he goes on."""
        ask = ["curl", "-sf", "-o", "/dev/null", "-H", f"Host: {HOST}", "-m", "20", f"http://127.0.0.1:{port}/readyz"]
        return subprocess.run(ask, check=False).returncode == 0

    # The site.

    def serve(self):
        """nginx with our site, certificate and places."""
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}",
             "-addext", f"subjectAltName=DNS:{HOST}", "-keyout", self.folder / "tls/key.pem",
             "-out", self.folder / "tls/fullchain.pem"], check=True, capture_output=True,
        )  # fmt: skip
        places = {
            "/etc/portal": str(self.folder),
            "/var/log/nginx": str(self.logs),
            VAR: str(self.var),
            "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
            "listen 443 ": f"listen 127.0.0.1:{self.site_port} ",
            "127.0.0.1:8001 ": f"127.0.0.1:{self.ports[0]} ",
            "127.0.0.1:8002 ": f"127.0.0.1:{self.ports[1]} ",
        }
        for name in ("portal.conf", "upstream.conf"):
            text = (ROOT / "deploy/nginx" / name).read_text(encoding="utf8")
            for place, ours in places.items():
                text = text.replace(place, ours)
            (self.folder / "nginx" / name).write_text(text, encoding="utf8")
        main = self.folder / "nginx.conf"
        temporary = "".join(
            f"{name}_temp_path {self.folder}/nginx/{name};"
            for name in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        )
        main.write_text(
            f"{'user root;' if os.getuid() == 0 else ''} worker_processes 1; daemon off; pid {self.folder}/nginx.pid;"
            f"error_log {self.logs}/nginx.log; events {{}} http {{ include /etc/nginx/mime.types; {temporary}"
            f"access_log {self.logs}/access.log;"  # as Debian's nginx.conf has it; the site must not
            f"include {self.folder}/nginx/portal.conf; }}"
        )
        nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        self.processes["nginx"] = subprocess.Popen([nginx, "-c", main, "-e", f"{self.logs}/nginx.log"])
        until(lambda: socket.create_connection(("127.0.0.1", self.site_port), 1).close() is None)

    def ask(self, path: str, method="GET", body=None, headers=(), network=1):
        """(status, headers, body) as a visitor of that network gets them."""
        trust = ssl.create_default_context(cafile=self.folder / "tls/fullchain.pem")
        trust.check_hostname = False  # the address is 127.0.0.1
        source = (f"127.0.{network}.1", 0)
        plain = socket.create_connection(("127.0.0.1", self.site_port), 60, source)
        with plain, trust.wrap_socket(plain, server_hostname=HOST) as channel:
            connection = HTTPSConnection("127.0.0.1", self.site_port, timeout=60)
            connection.sock = channel
            connection.request(method, path, body, {"Host": HOST} | dict(headers))
            with connection.getresponse() as answer:
                return answer.status, answer.headers, answer.read()

    def off(self):
        """Everything ends, whatever state it is in."""
        for process in self.processes.values():
            with suppress(ProcessLookupError):
                process.terminate() if process.args[0] != "sh" else os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for each in self.sockets.values():
            each.close()
        self.log.close()
