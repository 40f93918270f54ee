"""Where a shell script, or a command line, runs ``migrate`` before it becomes the site's process.

It is read as text: statement by statement, with the blocks that a variable decides on. What is asked for by a
variable (``if [ "$RUN_MIGRATIONS" = 1 ]``, ``case "$1" in migrate)``) is no start of every container, unless
that same block goes on to start the site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

__all__ = ["find_migrate", "is_development"]

# Not makemigrations, migrate_data, prodmigrate. migrate_schemas is django-tenants'.
_MIGRATE = re.compile(
    r"""(?:\bmanage(?:\.py)?|\bdjango-admin(?:\.py)?|-m["',\s]+django)["',\s]+migrate(?:_schemas)?(?=["'\s,\])]|$)"""
)
_ONLY_ASKS = re.compile(r"(?<![\w-])(?:--check|--plan|--list|-l|--help|--prune)(?![\w-])")
# What a container is there for; `exec "$@"` is the command that the entrypoint was given.
_SERVES = re.compile(
    r"""(?<![\w.-])(?:gunicorn|uvicorn|hypercorn|daphne|granian|uwsgi|waitress-serve|mod_wsgi-express|apachectl
    |apache2ctl|supervisord|honcho|circusd|celery|dramatiq|rundramatiq|run_huey|rqworker|qcluster|db_worker
    |runworker)(?![\w.:=-])|^["']?(?:exec\b.*)?["']?\$(?:@|\*|\{@|\{\*)|\bexec\b[^\n]*\$""",
    re.VERBOSE,
)
_DEVELOPMENT = re.compile(r"\brunserver(?:_plus)?\b|--reload\b")
_SAYS = re.compile(r"(?<![\w-])(?:echo|printf|log|install|add|sync|pkill|killall)\b")
_BETWEEN = re.compile(r"\n|;;|;|&&|\|\|?|(?<![>&])&(?![>&])")
_TEST = re.compile(r"""["']?(?:!\s*)?(?:\[\[?\s|test\s)""")
_OPENS = re.compile(r"(?:(?P<key>if|elif|while|until|for)\b|(?P<case>case)\b.*?\bin\b)\s*")
_BEGINS = re.compile(r"(?P<key>then|do|else)\b\s*")
_ENDS = re.compile(r"(?P<key>fi|done|esac)\b")
_FUNCTION = re.compile(
    r"(?:function\s+(?P<first>[\w-]+)\s*(?:\(\))?|(?P<name>[\w-]+)\s*\(\))\s*(?P<brace>\{?)\s*"
)
_ARM = re.compile(r"""\(?[\w*?|"'.\s-]+\)\s*""")
_LEAD = re.compile(r"""[\s"'(,]*""")


@dataclass(slots=True)
class _Scope:
    """A block; ``pending`` are the places of migrate that no start of the site has followed yet."""

    kind: str  # "", "block", "case", "function", "brace"
    is_guarded: bool = False  # a variable decides whether it runs
    name: str = ""
    pending: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Statement:
    operator: str  # before it
    text: str
    offset: int


def find_migrate(text: str, *, needs_server: bool = True) -> list[int]:
    """Find where every run of ``text`` applies migrations, as positions in it.

    ``needs_server``: only where it goes on to start the site or one of its workers; a command that ends with
    the migrations is a job of its own.
    """
    reader = _Reader()
    for statement in _statements(text):
        reader.read(statement)
    left = [] if needs_server else reader.scopes[0].pending
    return sorted({*reader.found, *left})


def is_development(text: str) -> bool:
    """Whether a command starts Django's own server, or one that watches the code."""
    return _DEVELOPMENT.search(text) is not None


def _statements(text: str) -> Iterator[_Statement]:
    operator, start = "\n", 0
    for match in _BETWEEN.finditer(text):
        yield _Statement(operator, text[start : match.start()], start)
        operator, start = match[0], match.end()
    yield _Statement(operator, text[start:], start)


class _Reader:
    def __init__(self) -> None:
        self.scopes = [_Scope("")]
        self.found: list[int] = []
        self.functions: dict[str, list[int]] = {}
        self.condition: list[str] | None = None  # of an if or loop, while it is read; None outside
        self.is_guarded = False  # by a test of a variable in front: [ "$X" ] && …

    def read(self, statement: _Statement) -> None:
        if statement.operator == ";;":
            self.scopes[-1].pending.clear()
        if statement.operator in ("\n", ";", ";;", "&"):
            self.is_guarded = False
        position = self._past_keywords(statement.text)
        words = statement.text[position:]
        if self.condition is not None:
            self.condition.append(words)
        if _TEST.match(words):
            self.is_guarded = self.is_guarded or "$" in words
        elif not self.is_guarded:
            self._command(words, statement.offset + position)

    def _past_keywords(self, text: str) -> int:
        """Follow the keywords that a statement begins with; return where its command begins."""
        position = 0
        while True:
            bare = position + len(_LEAD.match(text, position)[0])  # type: ignore[index] # matches anything
            step = self._keyword(text, bare)
            if step is None:
                return position if _TEST.match(text, position) else bare
            position = step

    def _keyword(self, text: str, start: int) -> int | None:
        """Enter or leave a block; return where the keyword ends, None when there is none."""
        if match := _OPENS.match(text, start):
            self._open(match)
        elif match := _BEGINS.match(text, start):
            self._begin(match["key"])
        elif match := _ENDS.match(text, start):
            self._leave("case" if match["key"] == "esac" else "block")
        elif match := _FUNCTION.match(text, start):
            self.scopes.append(_Scope("function", True, match["first"] or match["name"]))
        elif (match := _ARM.match(text, start)) and self.scopes[-1].kind == "case":
            pass
        elif text.startswith("{", start):
            self._brace()
            return start + 1
        elif text.startswith("}", start):
            self._leave("function", "brace")
            return start + 1
        else:
            return None
        return match.end()

    def _open(self, match: re.Match[str]) -> None:
        if match["case"]:
            self.scopes.append(_Scope("case", True))
            return
        if match["key"] == "elif":
            self._leave("block")
        # What a loop goes over decides nothing.
        self.condition = ["" if match["key"] != "for" else "for"]

    def _begin(self, key: str) -> None:
        if key == "else":
            is_guarded = self.scopes[-1].is_guarded
            self._leave("block")
        else:
            condition = self.condition or [""]
            is_guarded = condition[0] != "for" and "$" in "".join(condition)
        self.condition = None
        self.is_guarded = False
        self.scopes.append(_Scope("block", is_guarded))

    def _brace(self) -> None:
        scope = self.scopes[-1]
        if scope.kind != "function" or scope.pending:
            self.scopes.append(_Scope("brace"))

    def _leave(self, *kinds: str) -> None:
        if self.scopes[-1].kind not in kinds:
            return
        scope = self.scopes.pop()
        if scope.kind == "function":
            self.functions[scope.name] = scope.pending
        elif not scope.is_guarded:
            self.scopes[-1].pending += scope.pending

    def _command(self, words: str, offset: int) -> None:
        scope = self.scopes[-1]
        name = re.match(r"[\w-]*", words)
        scope.pending += self.functions.get(name[0] if name else "", ())
        migrate = _MIGRATE.search(words)
        if (
            migrate
            and not _SAYS.search(words, 0, migrate.start())
            and not _ONLY_ASKS.search(words, migrate.end())
        ):
            scope.pending.append(offset + migrate.start())
        serves = _SERVES.search(words)
        if serves and not _SAYS.search(words, 0, serves.start()) and not is_development(words):
            for each in self.scopes:
                self.found += each.pending
                each.pending.clear()
