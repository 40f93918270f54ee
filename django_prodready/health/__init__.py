"""Is this process fit to serve, now? What ``/health/`` answers, whoever carries the answer.

:mod:`~django_prodready.health.routes` is the one way in: the middleware asks it with a method and
a path, and gets an :class:`~django_prodready.health.answer.Answer` or None. Nothing here knows of
requests, so that every carrier gives the same answers.
"""
