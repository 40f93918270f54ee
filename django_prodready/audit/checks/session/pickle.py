"""Sessions are stored as pickles, which run code when they are read.

What it checks
--------------
The class that `SESSION_SERIALIZER` names, and its module: whether it reads with `pickle`, `dill`,
`cloudpickle`, `jsonpickle`, `shelve` or `marshal`. Also Django's old `PickleSerializer`, which Django 5.0
removed. Only where the engine uses the setting: not with sessions that are in a cache alone.

Why it matters
--------------
Whoever can write a session, or knows `SECRET_KEY` when sessions are in signed cookies, can run any code on
the server with it: a pickle is a program. With JSON the same leak gives a login at most.

When it is wrong
----------------
The class names `pickle` and does not read with it, such as to convert old sessions elsewhere.

How to fix
----------
Remove `SESSION_SERIALIZER`: the default stores JSON. Old sessions cannot be read then, and everybody
logs in once more. What JSON cannot hold, store as text: `value.isoformat()`, `str(value)`.

Source
------
[Session
serialization](https://docs.djangoproject.com/en/stable/topics/http/sessions/#session-serialization),
[pickle](https://docs.python.org/3/library/pickle.html)"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends.cache import SessionStore as CacheStore
from django.utils.module_loading import import_string

from django_prodready.audit import Case, Finding, NotApplicable, NotRun, Severity, check
from django_prodready.audit.facts.code_text import source_of
from django_prodready.audit.facts.session_store import session_store
from django_prodready.audit.facts.sessions import require_sessions

if TYPE_CHECKING:
    from django_prodready.audit.facts import Facts

_OWN = """
import pickle

class Pickles:
    def dumps(self, value):
        return pickle.dumps(value)

    def loads(self, data):
        return pickle.loads(data)
"""

BAD = (
    Case(settings={"SESSION_SERIALIZER": "shop_sessions.Pickles"}, files={"shop_sessions.py": _OWN}),
    Case(settings={"SESSION_SERIALIZER": "django.contrib.sessions.serializers.PickleSerializer"}),
)
GOOD = (
    Case(),
    Case(settings={"SESSION_SERIALIZER": "django.contrib.sessions.serializers.JSONSerializer"}),
    Case(
        settings={"SESSION_SERIALIZER": "own.Serializer"},
        files={"own.py": "from django.core.signing import JSONSerializer as Serializer\n"},
    ),
)

_SETTING = "SESSION_SERIALIZER"
_MODULES = "(?:pickle|cPickle|_pickle|dill|cloudpickle|jsonpickle|shelve|marshal)"
_READS = re.compile(rf"\b{_MODULES}\.(?:loads?|decode|Unpickler|open)\b")
# The names that a module has for the same: "from pickle import loads as unpickle", "import pickle as p".
_FROM = re.compile(rf"^[ \t]*from[ \t]+{_MODULES}[ \t]+import[ \t]+([^#\n]+)", re.MULTILINE)
_AS = re.compile(rf"^[ \t]*import[ \t]+{_MODULES}[ \t]+as[ \t]+(\w+)", re.MULTILINE)


@check(severity=Severity.ERROR)
def judge(facts: Facts) -> Iterator[Finding]:
    """Yield a finding when the serializer of sessions unpickles."""
    require_sessions(facts)
    if issubclass(session_store(facts), CacheStore):
        raise NotApplicable("sessions are in a cache alone, which does not use SESSION_SERIALIZER")
    dotted = facts.settings.SESSION_SERIALIZER
    target = _target(dotted)
    if target is None and not str(dotted).endswith(".PickleSerializer"):
        raise NotRun(f"{_SETTING} {dotted!r} cannot be imported")
    if target is None or any(_unpickles(ancestor) for ancestor in getattr(target, "__mro__", (target,))):
        gone = " It cannot be imported here, so every page with a session fails." if target is None else ""
        yield Finding(
            message=f"{_SETTING} is {dotted!r}, which stores sessions as pickles: whoever can write one,"
            f" or knows the key of signed cookies, can run code on the server.{gone}",
            hint=f"Remove {_SETTING}: the default stores JSON.",
            subject=_SETTING,
            at=facts.origin(_SETTING),
        )


def _target(dotted: Any) -> Any:
    try:
        return import_string(dotted)
    except Exception:  # noqa: BLE001 - any code may run while a user's module is imported
        return None


def _unpickles(ancestor: Any) -> bool:
    """Whether the source of the class, or of the function, reads pickles."""
    source = source_of(ancestor)
    if _READS.search(source):
        return True
    names = _imported_readers(source_of(sys.modules.get(getattr(ancestor, "__module__", ""))))
    return any(re.search(rf"(?<![.\w])(?<!def ){re.escape(name)}", source) for name in names)


def _imported_readers(module: str) -> Iterator[str]:
    yield from (f"{name}.loads(" for name in _AS.findall(module))
    for names in _FROM.findall(module):
        for part in names.strip("() ").split(","):
            name, _, alias = part.strip().partition(" as ")
            if name in {"load", "loads", "decode", "Unpickler"}:
                yield f"{alias.strip() or name}("
