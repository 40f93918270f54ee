"""Which database has what."""

from typing import Any


class EventsElsewhere:
    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **_: Any) -> bool | None:
        return (db == "events") == (model_name == "event") if model_name else None
