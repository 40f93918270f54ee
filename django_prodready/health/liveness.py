"""Liveness: this process runs and answers. That is all it says.

It asks no database, cache or other service, because a platform restarts a container whose
liveness probe fails, and a restart mends no database:
https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from __future__ import annotations

from django_prodready.health.answer import Answer, json_answer
from django_prodready.health.version import current_version


def liveness() -> Answer:
    """Say that the process is alive, and which version of the project it runs."""
    return json_answer(200, {"status": "healthy", "version": current_version()})
