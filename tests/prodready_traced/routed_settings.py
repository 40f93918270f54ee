"""Two databases, and a router that says what is in which."""

from prodready_databases import postgres_entry
from testproject.settings import *  # noqa: F403

_NOWHERE = "postgresql://nobody:nothing@127.0.0.1:9/"
INSTALLED_APPS = ["prodready_traced.routed"]
DATABASES = {alias: postgres_entry(f"{_NOWHERE}{alias}") for alias in ("default", "events")}
DATABASE_ROUTERS = ["prodready_traced.routed.routers.EventsElsewhere"]
