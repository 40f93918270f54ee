"""Who may ask: the tokens of ``PRODREADY["HEALTH_TOKENS"]``.

A token comes in a header. One in the query string would stay in access logs, so none is read there.
"""

from __future__ import annotations

import enum
import functools
import hmac

from django_prodready.conf import get_config
from django_prodready.health.answer import Refusal, refusal
from django_prodready.health.request import HealthRequest

# What an answer depends on where tokens are asked for.
HEADERS = ("Authorization", "X-Health-Token")


class Access(enum.Enum):
    """What a request has shown."""

    OPEN = "open"  # no token is asked for
    GRANTED = "granted"
    DENIED = "denied"  # none, or a wrong one


def access_of(request: HealthRequest) -> Access:
    """Compare what ``request`` brings with every accepted token."""
    tokens = get_config().health_tokens
    if not tokens:
        return Access.OPEN
    given = [value for value in (_bearer(request), request.header("X-Health-Token")) if value]
    # A list, not any(): how long it takes tells nothing about which of the tokens was nearly right.
    accepted = [spelling for token in tokens for spelling in _accepted(token)]
    matches = [hmac.compare_digest(_sent(value), spelling) for value in given for spelling in accepted]
    return Access.GRANTED if True in matches else Access.DENIED


def unauthorized() -> Refusal:
    """Make the refusal for who has no valid token."""
    return refusal(401, {"status": "unauthorized"}, ("WWW-Authenticate", "Bearer"))


def _bearer(request: HealthRequest) -> str | None:
    scheme, _, value = (request.header("Authorization") or "").strip().partition(" ")
    return value.strip() if scheme.lower() == "bearer" else None


@functools.lru_cache(maxsize=32)
def _accepted(token: str) -> tuple[bytes, ...]:
    """Return the bytes of an accepted token: in UTF-8, and as clients of Python and Java send a header.

    A file that it was read from ends with a line break.
    """
    text = token.strip()
    in_utf8 = text.encode(errors="surrogateescape")  # what the environment holds need not be UTF-8
    try:
        return tuple(dict.fromkeys((in_utf8, text.encode("latin-1"))))
    except UnicodeEncodeError:
        return (in_utf8,)


def _sent(value: str) -> bytes:
    """Return the bytes that were sent: servers decode headers as Latin-1, test clients do not encode them."""
    try:
        return value.strip().encode("latin-1")
    except UnicodeEncodeError:
        return value.strip().encode(errors="surrogatepass")
