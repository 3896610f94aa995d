"""The WSGI application: pages and APIs."""

import os

from django.core.wsgi import get_wsgi_application

from fleetfolk.config.warm import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleetfolk.config.settings")
application = get_wsgi_application()
warm()
