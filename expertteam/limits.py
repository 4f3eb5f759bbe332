"""How often one network may ask: the counters lie in the shared cache, so every process counts together."""

import functools
import ipaddress
import logging

from allauth.account.adapter import get_adapter
from allauth.core.ratelimit import consume_or_429
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError

log = logging.getLogger(__name__)


def limited(name: str, a_minute: int):
    """Answer 429 once a network has asked this view that often within a minute."""

    def decorate(view):
        @functools.wraps(view)
        def guarded(request, *args, **kwargs):
            return refused(request, name, f"{a_minute}/m", network(request)) or view(request, *args, **kwargs)

        return guarded

    return decorate


def refused(request, name: str, rate: str, key: str):
    """The 429 answer once ``key`` has asked that often (``5/d``), else None; every asking that is let in counts.

    A limiter out of order limits nobody: to be told is worth more than to be counted.
    """
    try:
        return consume_or_429(request, action=name, config={name: f"{rate}/key"}, key=key, limit_get=True)
    except DatabaseError:
        log.exception("the limit of %s is out of order", name)
        return None


def address(request) -> str:
    """Where the visitor comes from, as far as the proxies in front are to be believed; empty when unknown."""
    try:
        return str(ipaddress.ip_address(get_adapter().get_client_ip(request)))
    except (ValueError, PermissionDenied):
        return ""


def network(request) -> str:
    """The visitor's network: /24, of IPv6 /64; all whose address is unknown count as one."""
    if not (known := address(request)):
        return "unknown"
    known = ipaddress.ip_address(known)
    return str(ipaddress.ip_network((known, 24 if known.version == 4 else 64), strict=False))
