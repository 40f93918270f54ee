"""Settings as a class of django-configurations."""

from configurations import Configuration
from testproject import settings as plain


class Live(Configuration):
    SECRET_KEY = plain.SECRET_KEY
    INSTALLED_APPS = plain.INSTALLED_APPS
    DATABASES = plain.DATABASES
    STATIC_URL = "configured/"
