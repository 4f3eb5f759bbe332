"""An SMS gateway that keeps what it was given, and fails as often as it is told to."""

from threading import Lock

SENT: list[tuple[str, str, str]] = []  # phone, text, key
FAILURES: list[Exception] = []  # raised one after the other, before anything is taken
_lock = Lock()


class Gateway:
    def send(self, phone: str, text: str, key: str):
        with _lock:
            if FAILURES:
                raise FAILURES.pop(0)
            SENT.append((phone, text, key))
