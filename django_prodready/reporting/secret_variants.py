"""The spellings in which one secret may turn up: escaped, encoded, or in the pieces a parser left of it."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from django_prodready.reporting.secret_names import may_be_secret

# Where a URL parser cuts a password that was not percent-encoded; the parts then reach error messages:
# https://docs.python.org/3/library/urllib.parse.html#urllib.parse.SplitResult.port
_URL_DELIMITER = re.compile(r"[#@:/?%]")

# https://docs.python.org/3/library/urllib.parse.html#urllib.parse.urlsplit
_REMOVED_FROM_URLS = re.compile(r"[\t\r\n]")

_LINE_BREAK = re.compile(r"[\r\n]|\\r|\\n")  # environment variables hold key blocks with escaped line breaks

_MAX_LENGTH_FOR_PIECES = 256  # longer ones are documents, not passwords
_MIN_LINE = 16  # of a multi-line secret such as a key block: shorter lines are no secret alone


def variants(secret: str) -> frozenset[str]:
    """Spell ``secret`` in all ways that a message, a dump or a traceback may hold it."""
    bases = {secret, secret.strip(), unquote(secret), unquote_plus(secret)}
    bases.update([_REMOVED_FROM_URLS.sub("", base) for base in bases])
    bases.update(line.strip() for line in _LINE_BREAK.split(secret) if len(line.strip()) >= _MIN_LINE)
    for base in tuple(bases):
        bases.update(_pieces(base))
    bases.update([base.lower() for base in bases])  # as a host name: URL parsers lower it
    spelled = {form for base in bases if may_be_secret(base) for form in _encoded(base)}
    return frozenset(form for form in spelled if may_be_secret(form))


def _pieces(secret: str) -> Iterator[str]:
    """Yield what remains of a password when it is cut at one or more of a URL's delimiters."""
    if "://" in secret or "-----BEGIN" in secret or len(secret) > _MAX_LENGTH_FOR_PIECES:
        return
    yield from _URL_DELIMITER.split(secret)
    for cut in _URL_DELIMITER.finditer(secret):
        yield secret[: cut.start()]
        yield secret[cut.end() :]


def _encoded(base: str) -> Iterator[str]:
    yield base
    for escape in _ESCAPES:
        once = escape(base)
        yield once
        yield from (again(once) for again in _ESCAPES)  # a repr in JSON, JSON in HTML
    data = base.encode("utf-8", "surrogatepass")
    for percent in (quote(data, safe=""), quote(data), quote_plus(data)):
        yield percent
        yield re.sub(r"%[0-9A-F]{2}", lambda match: match.group().lower(), percent)
    for encoded in (base64.b64encode(data), base64.urlsafe_b64encode(data)):
        yield encoded.decode().rstrip("=")


def _in_json_script(text: str) -> str:
    """Escape as Django's ``json_script`` does, for JSON inside HTML."""
    escaped = _in_json(text)
    for character in "<>&":
        escaped = escaped.replace(character, f"\\u{ord(character):04X}")
    return escaped


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _in_unicode_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _in_repr(text: str) -> str:
    return repr(text)[1:-1]


def _in_quoted_repr(text: str) -> str:
    """Escape as ``repr`` does inside a longer text that holds both kinds of quotes."""
    return repr(text + "'\"")[1:-4]


def _in_bytes_repr(text: str) -> str:
    return repr(text.encode("utf-8", "surrogatepass"))[2:-1]


def _in_ascii(text: str) -> str:
    return ascii(text)[1:-1]


def _in_html_text(text: str) -> str:
    return html.escape(text, quote=False)


_ESCAPES: Iterable[Callable[[str], str]] = (
    _in_repr,
    _in_quoted_repr,
    _in_bytes_repr,
    _in_ascii,
    _in_json,
    _in_unicode_json,
    _in_json_script,
    html.escape,
    _in_html_text,
)
