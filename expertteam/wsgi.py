"""What the web server starts."""

import os

from django.core.wsgi import get_wsgi_application

from expertteam.keys import require_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "expertteam.settings")
application = get_wsgi_application()
require_keys()
