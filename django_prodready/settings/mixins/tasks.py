"""Django's own tasks (6.0 and newer): none is run within a request, or thrown away, without a word."""

from __future__ import annotations

from django_prodready.settings.declared import option
from django_prodready.settings.draft import Draft
from django_prodready.settings.mixin import SettingsMixin

__all__ = ["Tasks"]

_REFUSED = {
    "django.tasks.backends.immediate.ImmediateBackend": "runs every task within the request that enqueues it",
    "django.tasks.backends.dummy.DummyBackend": "never runs a task",
}


class Tasks(SettingsMixin):
    """Refuses the two backends that come with Django, which are for development and tests."""

    TASKS_IN_REQUESTS: bool = option(
        False, help="The project has weighed it: a task that runs within the request is what it wants."
    )

    def conclude(self, draft: Draft) -> None:
        """Refuse the backends, Django's default one too. A Django without tasks has nothing to refuse."""
        if not draft.knows("TASKS") or self.TASKS_IN_REQUESTS:
            return
        for alias, backend in draft.entries("TASKS").items():
            if (what := _REFUSED.get(backend.get("BACKEND", ""))) is not None:
                draft.refuse(
                    "TASKS",
                    f"{backend['BACKEND']} of {alias!r} {what}: name a backend with a worker, "
                    "or set TASKS_IN_REQUESTS = True",
                )
