"""``python -m expertteam.demo_keys COMMAND …``: run a command as the demo, with its own keys and database.

The only place that switches the demo on.  The keys are made here once and kept in ``demo.env``
beside ``manage.py``; the repository holds none.
"""

import os
import secrets
import sys
from base64 import urlsafe_b64encode
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEYS, DATABASE = "demo.env", "var/demo/portal.sqlite3"
# Left out of the demo, so that it never writes to a real gateway, broker or host.
FOREIGN = {"REDIS_URL", "SITE_URL", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "EMAIL_HOST", "SMS_BACKEND"}


def keys(root: Path) -> dict[str, str]:
    """The demo's keys, made at the first call; ``SystemExit`` when its data belong to keys now lost."""
    kept = root / KEYS
    if not kept.exists():
        if (root / DATABASE).exists():
            raise SystemExit(f"{KEYS}不在了，原来的演示数据无法再读取。请先运行 make demo-reset")
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "FIELD_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        kept.touch(mode=0o600)
        kept.write_text("".join(f"{name}={value}\n" for name, value in made.items()), encoding="utf8")
    lines = kept.read_text(encoding="utf8").splitlines()
    return dict(line.split("=", 1) for line in lines if line)


def environment(root: Path) -> dict[str, str]:
    """What the demo runs with, whatever was set outside."""
    outside = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return (
        outside | {"DEMO": "1", "DATABASE_URL": f"sqlite:///{DATABASE}", "VAR_DIR": str(root / "var/demo")} | keys(root)
    )


if __name__ == "__main__":
    os.execvpe(sys.argv[1], sys.argv[1:], environment(ROOT))
