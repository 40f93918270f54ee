"""Is this process fit to serve, now? What ``/health/``, ``/ready/`` and ``/startup/`` answer.

Subclass :class:`Probe` for a question of your own, and name it in ``PRODREADY["PROBES"]``.

:mod:`~django_prodready.health.routes` is the one way in: whoever carries a request (middleware,
views, WSGI or ASGI wrapper) hands it over and gets an :class:`~django_prodready.health.answer.Answer`
back, so that every carrier gives the same answers.
"""

from django_prodready.health.probe import Degraded, Probe, Skipped

__all__ = ["Degraded", "Probe", "Skipped"]
