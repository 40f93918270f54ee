"""Takes SQL apart into PostgreSQL's tokens and statements.

https://www.postgresql.org/docs/current/sql-syntax-lexical.html
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass


class TokenKind(enum.Enum):
    """What a token is."""

    WORD = "word"  # a keyword or a name without quotes, in lower case
    QUOTED = "quoted"  # a name in quotes, without them
    STRING = "string"  # without quotes
    NUMBER = "number"
    PARAMETER = "parameter"  # filled in when it is executed
    SYMBOL = "symbol"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token, without white space and comments around it."""

    kind: TokenKind
    text: str

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords."""
        return self.kind is TokenKind.WORD and self.text in words

    def is_symbol(self, *symbols: str) -> bool:
        """Whether it is one of these symbols."""
        return self.kind is TokenKind.SYMBOL and self.text in symbols

    @property
    def is_name(self) -> bool:
        """Whether it can be a name."""
        return self.kind in (TokenKind.WORD, TokenKind.QUOTED)

    @property
    def is_value(self) -> bool:
        """Whether it is written out: a string or a number."""
        return self.kind in (TokenKind.STRING, TokenKind.NUMBER)


END = Token(TokenKind.END, "")

_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*)
    |(?P<comment>/\*)
    |(?P<dollar>\$(?:[^\W\d]\w*)?\$)
    |(?P<escaped>[eE]'(?:[^'\\]|''|\\.)*')
    |(?P<string>(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*')
    |(?P<quoted>(?:[uU]&)?"(?:[^"]|"")*")
    |(?P<parameter>%\([^)]*\)s|%s|\$\d+)
    |(?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)
    |(?P<word>[^\W\d][\w$]*)
    |(?P<symbol>::|:=|=>|<>|!=|<=|>=|->>|->|\|\||!?~~?\*?|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_NESTED = re.compile(r"/\*|\*/")


def tokens_of(sql: str) -> list[Token]:
    """Return the tokens of one or several statements."""
    return list(_tokens(sql))


def _tokens(sql: str) -> Iterator[Token]:
    position = 0
    while match := _TOKEN.match(sql, position):
        position = match.end()
        kind, text = match.lastgroup, match.group()
        if kind == "comment":
            position = _end_of_comment(sql, position)
        elif kind == "dollar":
            end = sql.find(text, position)
            end = len(sql) if end < 0 else end
            yield Token(TokenKind.STRING, sql[position:end])
            position = end + len(text)
        elif kind != "space":
            yield _token(kind or "", text)


def _end_of_comment(sql: str, position: int) -> int:
    """Find the end of a comment, which may have others inside."""
    depth = 1
    while depth and (match := _NESTED.search(sql, position)):
        depth += 1 if match.group() == "/*" else -1
        position = match.end()
    return len(sql) if depth else position


def _token(kind: str, text: str) -> Token:
    if kind == "quoted":
        return Token(TokenKind.QUOTED, text[text.index('"') + 1 : -1].replace('""', '"'))
    if kind in ("string", "escaped"):
        return Token(TokenKind.STRING, text[text.index("'") + 1 : -1].replace("''", "'"))
    if kind == "word":
        return Token(TokenKind.WORD, text.lower())
    return Token(TokenKind(kind), text)


def statements_of(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """Yield the statements between semicolons, none of them empty."""
    found: list[Token] = []
    depth = 0
    is_atomic = False
    for token in tokens:
        depth += token.is_symbol("(") - token.is_symbol(")")
        is_atomic = is_atomic or (token.is_word("atomic") and bool(found) and found[-1].is_word("begin"))
        if token.is_symbol(";") and depth <= 0 and not (is_atomic and not found[-1].is_word("end")):
            if found:
                yield found
            found, depth, is_atomic = [], 0, False
        else:
            found.append(token)
    if found:
        yield found


class Reader:
    """Reads the tokens of a statement from left to right."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self._position = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self._position >= len(self.tokens)

    def peek(self, ahead: int = 0) -> Token:
        """Return the next token, and leave it."""
        position = self._position + ahead
        return self.tokens[position] if position < len(self.tokens) else END

    def next(self) -> Token:
        """Take the next token."""
        token = self.peek()
        self._position += 1
        return token

    def sees(self, *words: str) -> bool:
        """Whether these keywords come next."""
        return all(self.peek(number).is_word(word) for number, word in enumerate(words))

    def take(self, *words: str) -> bool:
        """Take these keywords if they come next, all of them or none."""
        found = self.sees(*words)
        if found:
            self._position += len(words)
        return found

    def take_any(self, *words: str) -> str:
        """Take one of these keywords if it comes next."""
        return self.next().text if self.peek().is_word(*words) else ""

    def take_symbol(self, symbol: str) -> bool:
        """Take this symbol if it comes next."""
        found = self.peek().is_symbol(symbol)
        self._position += found
        return found

    def name(self) -> str:
        """Take a name, as PostgreSQL finds it: with its schema where that is not the usual one."""
        if not self.peek().is_name:
            return ""
        parts = [self.next().text]
        while self.peek().is_symbol(".") and self.peek(1).is_name:
            self.next()
            parts.append(self.next().text)
        return ".".join(parts[1:] if len(parts) > 1 and parts[0] in ("public", "pg_temp") else parts)

    def group(self) -> list[Token]:
        """Take what stands in parentheses; empty where none come next."""
        if not self.peek().is_symbol("("):
            return []
        inner: list[Token] = []
        depth = 0
        while not self.is_done:
            token = self.next()
            depth += token.is_symbol("(") - token.is_symbol(")")
            if depth == 0:
                break
            inner.append(token)
        return inner[1:]

    def until(self, *words: str) -> list[Token]:
        """Take everything in front of the first of these keywords outside of parentheses."""
        found: list[Token] = []
        while not self.is_done and not self.peek().is_word(*words):
            found += self._unit()
        return found

    def rest(self) -> list[Token]:
        """Take all that is left."""
        return self.until()

    def _unit(self) -> list[Token]:
        if not self.peek().is_symbol("("):
            return [self.next()]
        start = self._position
        self.group()
        return list(self.tokens[start : self._position])


def parts_of(tokens: Sequence[Token], *, symbol: str = "", word: str = "") -> list[list[Token]]:
    """Take a list apart at a symbol or keyword outside of parentheses and brackets."""
    found: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        depth += token.is_symbol("(", "[") - token.is_symbol(")", "]")
        if depth == 0 and (token.is_symbol(symbol) or token.is_word(word)):
            found.append([])
        else:
            found[-1].append(token)
    return found


def text_of(tokens: Iterable[Token]) -> str:
    """Write tokens as SQL again."""
    return " ".join(_written(token) for token in tokens)


def _written(token: Token) -> str:
    if token.kind is TokenKind.STRING:
        return "'" + token.text.replace("'", "''") + "'"
    return token.text


def strings_in(tokens: Iterable[Token]) -> frozenset[str]:
    """Return the strings that are written out."""
    return frozenset(token.text for token in tokens if token.kind is TokenKind.STRING)
