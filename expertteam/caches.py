"""The page cache may go away at any time; pages then come from the database."""

import logging
import time

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
REST = 30  # seconds without asking again after a failure, so that a hung Redis costs one page half a second


class FailOpenRedisCache(RedisCache):
    """Redis as a cache that is never an error: a miss when it is refused, slow or gone."""

    away_until = 0.0

    def __init__(self, server, params):
        params.setdefault("OPTIONS", {}).update(socket_connect_timeout=0.25, socket_timeout=0.25)
        super().__init__(server, params)

    def get(self, key, default=None, version=None):
        return self.ask(lambda: super(FailOpenRedisCache, self).get(key, default, version), default)

    def set(self, key, value, *args, **options):
        return self.ask(lambda: super(FailOpenRedisCache, self).set(key, value, *args, **options), None)

    def ask(self, question, otherwise):
        """The answer, or ``otherwise`` while Redis rests."""
        if time.monotonic() < FailOpenRedisCache.away_until:
            return otherwise
        try:
            return question()
        except (RedisError, OSError) as error:
            FailOpenRedisCache.away_until = time.monotonic() + REST
            log.warning("page cache away: %s", error)
            return otherwise
