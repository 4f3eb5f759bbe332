"""A real demo in a process of its own, and people in front of real browsers.

``SHOTS=folder`` keeps a picture of every page that a test passes, to be looked at.  ``DEMO_URL`` and
``DEMO_ACCOUNTS`` (the file with its passwords) name a demo that already runs: while writing tests one
need not wait for a new one.
"""

import json
import os
import re
import secrets
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.places import Places

ROOT = Path(__file__).resolve().parents[2]
IDLE = 600  # seconds after which a regular signs in again: the portal signs out whoever was away for long
SIZES = {"phone": (390, 844), "desk": (1280, 900)}
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]


class Demo:
    """The running demo: its address and the one password of its accounts."""

    def __init__(self, folder: Path):
        self.folder, self.accounts, self.port = folder, folder / "accounts.txt", free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = environment(folder)

    def start(self):
        command = ["manage.py", "demo", "--port", str(self.port), "--accounts", str(self.accounts)]
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 420
        while not answers(f"{self.url}/healthz"):
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < deadline, "the demo did not start"
            time.sleep(0.5)
        self.give_time()

    def give_time(self):
        """What is to be answered by the end of work is open in the evening as well, when tests are run."""
        self.write("UPDATE services_offer SET answer_due = datetime(answer_due, '+3 days') WHERE state = 'offered'")

    def take_time_back(self):
        """As it was, where nobody has answered meanwhile."""
        last = (
            "SELECT h.answer_due FROM services_historicaloffer h WHERE h.id = o.id ORDER BY h.history_id DESC LIMIT 1"
        )
        self.write(f"UPDATE services_offer AS o SET answer_due = ({last}) WHERE state = 'offered'")

    def write(self, statement: str):
        with sqlite3.connect(self.folder / "demo.sqlite3", timeout=20) as base:
            base.execute(statement)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def broken(self) -> list[dict]:
        """What is broken after everything that visitors did."""
        self.take_time_back()
        command = [sys.executable, "manage.py", "verify", "--json"]
        told = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert told.stdout, told.stderr
        return json.loads(told.stdout)["broken"]

    def last_words(self) -> str:
        """The end of what the server printed, for a test that failed."""
        return (self.folder / "log").read_text()[-3000:]

    @property
    def password(self):
        return self.accounts.read_text().split()[1]


class KeptDemo(Demo):
    """A demo that somebody else started and will stop."""

    def __init__(self, url: str, accounts: Path):
        self.url, self.accounts = url.rstrip("/"), accounts

    def last_words(self) -> str:
        return "what the server printed stands where it was started"


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


def pytest_collection_modifyitems(items):
    """The entry moves the demo's clock beyond every notice, so it comes last."""
    items.sort(key=lambda item: item.path.name == "test_entry.py")


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    if url := os.environ.get("DEMO_URL"):
        yield KeptDemo(url, Path(os.environ["DEMO_ACCOUNTS"]))
        return
    running = Demo(tmp_path_factory.mktemp("demo"))
    running.start()
    yield running
    running.stop()
    assert running.broken() == []


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
        """Chromium reports pages answered with 422 or 404, which the tests look at themselves; all else is a fault."""
        page_refused = "Failed to load resource" in line.text and "/static/" not in line.location["url"]
        if line.type == "error" and not page_refused:
            self.complaints.append(f"{self.page.url}: {line.text}")

    def go(self, address, status=200):
        """Open a page that must be there, or be answered with this status."""
        response = self.page.goto(address)
        assert response.status == status, f"{address}: {response.status}\n{self.demo.last_words()}"
        return self.page

    def sign_in(self, username):
        self.go("/accounts/login/")
        self.page.get_by_label("手机号或用户名").fill(username)
        self.page.get_by_label("密码", exact=True).fill(self.demo.password)
        self.press("登录")
        return self

    def sign_up(self):
        """Open an account with a number of one's own and the code that the demo shows instead of sending it."""
        phone = f"139{secrets.randbelow(10**8):08}"
        self.go("/accounts/signup/")
        self.page.get_by_label("手机号").fill(phone)
        self.page.get_by_label("密码", exact=True).fill(self.demo.password)
        self.page.get_by_label("再输一遍密码").fill(self.demo.password)
        self.press("注册，获取验证码")
        asked = self.page.url
        code = re.search(
            r"(?<!\d)\d{6}(?!\d)", self.go("/demo/outbox/").locator("main li", has_text=phone[-4:]).first.inner_text()
        )
        self.go(asked).get_by_label("验证码").fill(code[0])
        self.press("验证")
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


@pytest.fixture(scope="session")
def regulars(chromium, demo):
    """Visitors who stay for the session, by account, size and options: signing in every time takes too long."""
    known, seen = {}, {}

    def come(username=None, size="desk", **options):
        who = (username, size, *sorted(options.items()))
        if who not in known:
            known[who] = Visitor(chromium, demo, size, reduced_motion="reduce", **options)
            if username:
                known[who].sign_in(username)
        elif username and time.monotonic() - seen[who] > IDLE:
            known[who].context.clear_cookies(name=re.compile("session"))
            known[who].sign_in(username)
        seen[who] = time.monotonic()
        return known[who]

    yield come, known
    for each in known.values():
        each.context.close()


@pytest.fixture
def regular(regulars):
    """Calls one of them; at the end none of their browsers may have complained."""
    come, known = regulars
    yield come
    complaints = [complaint for each in known.values() for complaint in each.complaints]
    for each in known.values():
        each.complaints.clear()
    assert complaints == []


@pytest.fixture(scope="session")
def places(regulars):
    """The addresses that depend on what happened in the demo."""
    come, _ = regulars
    return Places(come)
