"""What the web server starts."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connections

from expertteam.checks import refuse_rehearsal
from expertteam.keys import require_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "expertteam.settings")
application = get_wsgi_application()
require_keys()
refuse_rehearsal()
connections.close_all()
