"""Visitors who go on reading and writing whatever happens behind the site, and remember every answer."""

import re
import threading
from http.cookies import SimpleCookie
from urllib.parse import urlencode

PAGES = ["/", "/experts/", "/notices/", "/rules/", "/stats/", "/verify/", "/healthz"]
DOOR = "/report/"
HIDDEN = re.compile(rb'<input type="hidden" name="(\w+)" value="([^"]*)"')
STYLE = re.compile(rb'href="(/static/[^"]+\.css)"')


class Visitors:
    """Two who read and one who writes, until told to leave."""

    def __init__(self, machine):
        self.machine, self.leave = machine, threading.Event()
        self.answers, self.receipts = [], 0
        work = [self.read, self.read, self.write]
        self.threads = [
            threading.Thread(target=each, args=(number,)) for number, each in enumerate(work)
        ]  # each begins elsewhere

    def __enter__(self):
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_):
        self.leave.set()
        for each in self.threads:
            each.join()

    def ask(self, path, network, **options):
        """One answer, remembered; nothing at all is remembered as 0."""
        try:
            status, headers, body = self.machine.ask(path, network=network, **options)
        except OSError as error:
            status, headers, body = 0, {}, repr(error).encode()
        self.answers.append((options.get("method", "GET"), path, status))
        return status, headers, body

    def read(self, number):
        """Page after page, each with the style that it names."""
        turn = number
        while not self.leave.wait(0.1):
            turn += 1
            _, _, body = self.ask(PAGES[turn % len(PAGES)], network=1 + turn % 200)
            if style := STYLE.search(body):
                self.ask(style[1].decode(), network=1)

    def write(self, _):
        """Report after report, without a name, each from another network; ``receipts`` counts those taken in."""
        turn = 0
        while not self.leave.wait(0.3):
            turn += 1
            self.receipts += self.report(1 + turn % 250)

    def report(self, network) -> bool:
        _, headers, page = self.ask(DOOR, network)
        cookies = SimpleCookie("; ".join(headers.get_all("Set-Cookie") or [])) if headers else {}
        said = {name.decode(): value.decode() for name, value in HIDDEN.findall(page)}
        said |= {
            "kind": "12(2)",
            "about": "某专家",
            "facts": "来的路上一直在打电话，没有回答问题。",
            "way": "anonymous",
        }
        sent = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": "; ".join(f"{name}={each.value}" for name, each in cookies.items()),
            "Referer": f"https://portal.example.cn{DOOR}",
        }
        status, _, _ = self.ask(DOOR, network, method="POST", body=urlencode(said), headers=sent)
        return status == 302

    @property
    def lost(self):
        """Whatever was not answered as it should have been."""
        return [each for each in self.answers if not 200 <= each[2] < 400]
