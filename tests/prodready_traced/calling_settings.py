"""Settings with an app that does not start."""

import os

from testproject.settings import *  # noqa: F403

INSTALLED_APPS = [f"prodready_traced.calling.apps.{os.environ['TRACED_APP']}"]
