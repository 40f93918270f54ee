"""The middleware of this package: name them by this path in ``MIDDLEWARE``."""

from django_prodready.middleware.health import HealthMiddleware
from django_prodready.middleware.permissions_policy import PermissionsPolicyMiddleware
from django_prodready.middleware.real_ip import CloudflareRealIPMiddleware
from django_prodready.middleware.request_id import RequestIdMiddleware
from django_prodready.realip.client_address import ClientAddress

__all__ = [
    "ClientAddress",
    "CloudflareRealIPMiddleware",
    "HealthMiddleware",
    "PermissionsPolicyMiddleware",
    "RequestIdMiddleware",
]
