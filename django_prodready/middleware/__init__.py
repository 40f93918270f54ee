"""The middleware of this package: name them by this path in ``MIDDLEWARE``."""

from django_prodready.middleware.health import HealthMiddleware

__all__ = ["HealthMiddleware"]
