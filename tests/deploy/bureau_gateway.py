"""A bureau's SMS gateway as far as the portal sees it: slow, and it keeps a list.  Lies outside the release."""

import os
import time


class Slow:
    def send(self, phone: str, text: str, key: str):
        time.sleep(0.3)
        with open(os.environ["SENT"], "a", encoding="utf8") as kept:
            kept.write(f"{key}\n")
