"""How gunicorn serves the portal; bound by systemd's socket, else by ``--bind``."""

import logging.config
import os

from django.conf import settings
from gunicorn.glogging import Logger

from expertteam.logs import scrubbed

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "expertteam.settings")
logging.config.dictConfig(settings.LOGGING)


class PortalLogger(Logger):
    """The same handler and the same shape as every other line; one for each answer."""

    def setup(self, cfg):
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.handlers, log.propagate = [], True

    def access(self, resp, req, environ, request_time):
        """Nothing after ``?``, and the route where the portal knows it."""
        told = {"method": environ["REQUEST_METHOD"], "route": scrubbed(environ["PATH_INFO"])}
        told |= environ.get("portal.told", {})
        told |= {"status": int(resp.status.split()[0]), "ms": round(request_time.total_seconds() * 1000)}
        self.access_log.info("%(method)s %(route)s %(status)s", told, extra={"told": told})


logger_class, accesslog = PortalLogger, "-"
worker_class, workers, threads = "gthread", 1, 4  # one more unit, not one more worker, is how the web scales
timeout, graceful_timeout = 60, 30
max_requests, max_requests_jitter = 20_000, 2_000  # against slow leaks
worker_tmp_dir = "/dev/shm"
forwarded_allow_ips = "127.0.0.1"
control_socket_disable = True
