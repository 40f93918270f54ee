"""A database whose engine makes an extension before it migrates."""

from prodready_databases import postgres_entry
from testproject.settings import *  # noqa: F403

DATABASES = {
    "default": postgres_entry(
        "postgresql://nobody:nothing@127.0.0.1:9/", ENGINE="prodready_traced.postgis_engine"
    )
}
