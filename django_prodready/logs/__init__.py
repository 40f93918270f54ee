"""What is logged while the site runs: with the id of the request, without a secret, one record a line.

``LOGGING`` names the classes by their dotted paths, so nothing here reads Django's settings on import.
"""

from django_prodready.logs.filters import RedactionFilter, RequestIdFilter
from django_prodready.logs.formatters import JsonFormatter, PlainFormatter
from django_prodready.logs.handlers import ConsoleHandler
from django_prodready.logs.request_id import current_request_id

__all__ = [
    "ConsoleHandler",
    "JsonFormatter",
    "PlainFormatter",
    "RedactionFilter",
    "RequestIdFilter",
    "current_request_id",
]
