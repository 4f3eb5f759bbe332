"""A real demo in a process of its own, and people in front of real browsers.

``SHOTS=folder`` keeps a picture of every page that a test passes, to be looked at.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SIZES = {"phone": (390, 844), "desk": (1280, 900)}
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]


class Demo:
    """The running demo: its address and the one password of its accounts."""

    def __init__(self, folder: Path):
        self.folder, self.accounts, self.port = folder, folder / "accounts.txt", free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self):
        command = ["manage.py", "demo", "--port", str(self.port), "--accounts", str(self.accounts)]
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=environment(self.folder), stdout=log, stderr=log
            )
        deadline = time.monotonic() + 240
        while not answers(f"{self.url}/healthz"):
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "the demo did not start"
            time.sleep(0.5)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def last_words(self) -> str:
        """The end of what the server printed, for a test that failed."""
        return (self.folder / "log").read_text()[-3000:]

    @property
    def password(self):
        return self.accounts.read_text().split()[1]


def environment(folder: Path) -> dict:
    key = urlsafe_b64encode(secrets.token_bytes(32)).decode()
    own = {"DEMO": "1", "SECRET_KEY": secrets.token_urlsafe(50), "FIELD_KEYS": key, "VAR_DIR": str(folder)}
    own["DATABASE_URL"] = f"sqlite:////{folder}/demo.sqlite3"
    return {name: value for name, value in os.environ.items() if name != "REDIS_URL"} | own


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url) -> bool:
    try:
        return urllib.request.urlopen(url, timeout=5).status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    running = Demo(tmp_path_factory.mktemp("demo"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is not installed: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


class Visitor:
    """A person in front of a browser of their own."""

    def __init__(self, chromium, demo, size, **options):
        width, height = SIZES[size]
        self.demo, self.size = demo, size
        self.context = chromium.new_context(
            base_url=demo.url, locale="zh-CN", viewport={"width": width, "height": height}, **options
        )
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self.listen)
        self.page.set_default_timeout(15_000)

    def listen(self, line):
        """A refused form is answered with 422, which Chromium reports; anything else it reports is a fault."""
        if line.type == "error" and "422" not in line.text:
            self.complaints.append(line.text)

    def go(self, address):
        """Open a page that must be there."""
        response = self.page.goto(address)
        assert response.status == 200, f"{address}: {response.status}\n{self.demo.last_words()}"
        return self.page

    def sign_in(self, username):
        self.go("/accounts/login/")
        self.page.get_by_label("手机号或用户名").fill(username)
        self.page.get_by_label("密码", exact=True).fill(self.demo.password)
        self.press("登录")
        return self

    def press(self, name):
        """Press the button of the page's main part with this name."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def follow(self, name, exact=False):
        self.page.locator("main").get_by_role("link", name=name, exact=exact).first.click()
        self.page.wait_for_load_state()

    def opens(self, number):
        """Open the record with this number from the list on the page."""
        row = self.page.get_by_role("row").filter(has_text=number)
        row.get_by_role("link").first.click()
        self.page.wait_for_load_state()

    def says(self, text):
        assert text in self.page.locator("body").inner_text(), self.page.locator("main").inner_text()

    def picture(self, name):
        if folder := os.environ.get("SHOTS"):
            self.page.screenshot(path=f"{folder}/{name}-{self.size}.png", full_page=True)


@pytest.fixture
def visitor(chromium, demo):
    """Makes visitors; at the end none of their browsers may have complained."""
    made = []

    def make(size="desk", **options):
        made.append(Visitor(chromium, demo, size, **options))
        return made[-1]

    yield make
    complaints = [complaint for each in made for complaint in each.complaints]
    for each in made:
        each.context.close()
    assert complaints == []
