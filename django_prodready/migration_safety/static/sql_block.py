"""Reads PL/pgSQL: the body of DO, and of functions that are called where they are made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static import effects_rows as r
from django_prodready.migration_safety.static.sql_place import MARK, Place, told
from django_prodready.migration_safety.static.sql_rows import query
from django_prodready.migration_safety.static.sql_select import reads_of_select
from django_prodready.migration_safety.static.sql_tokens import (
    Reader,
    Token,
    TokenKind,
    parts_of,
    statements_of,
    tokens_of,
)

ReadStatement = Callable[[Reader, Place], Iterator[e.Effect]]

_SILENT = (
    "raise",
    "return",
    "null",
    "exit",
    "continue",
    "get",
    "declare",
    "open",
    "close",
    "fetch",
    "assert",
)


@dataclass
class _Block:
    """Where a body is being read."""

    place: Place
    read: ReadStatement
    texts: dict[str, str] = field(default_factory=dict)  # variables whose value is written out
    loops: int = 0
    conditions: int = 0

    @property
    def here(self) -> Place:
        return self.place.inside(is_loop=self.loops > 0, is_conditional=self.conditions > 0)


def is_block(body: Sequence[Token]) -> bool:
    """Whether a body is PL/pgSQL, and not plain SQL."""
    return bool(body) and (body[0].is_word("declare", "begin") or body[0].is_symbol("<"))


def read_block(body: str, place: Place, read: ReadStatement) -> Iterator[e.Effect]:
    """Yield what a body does: both ways of a condition, a loop once for all its rounds."""
    tokens = tokens_of(body)
    block = _Block(place, read)
    if not is_block(tokens):
        for statement in statements_of(tokens):
            yield from read(Reader(statement), place)
        return
    reader = Reader(tokens)
    for declaration in statements_of(reader.until("begin")):
        _declare(declaration, block)
    for statement in statements_of(reader.rest()):
        yield from _statement(Reader(statement), block)


def _declare(tokens: Sequence[Token], block: _Block) -> None:
    reader = Reader(tokens)
    reader.take("declare")
    name = reader.name()
    while not reader.is_done:
        token = reader.next()
        if token.is_symbol(":=", "=") or token.is_word("default"):
            block.texts[name] = _text(reader.rest(), block.texts)


def _statement(reader: Reader, block: _Block) -> Iterator[e.Effect]:
    while not reader.is_done:
        if reader.take_any("begin", "else", "exception"):
            continue
        word = reader.peek().text if reader.peek().kind is TokenKind.WORD else ""
        handler = _CONTROL.get(word)
        if handler is None:
            yield from _plain(reader, block)
            return
        reader.next()
        yield from handler(reader, block)


def _if(reader: Reader, block: _Block) -> Iterator[e.Effect]:
    block.conditions += 1
    yield from _condition(reader, block)


def _condition(reader: Reader, block: _Block) -> Iterator[e.Effect]:
    yield from reads_of_select(reader.until("then"), block.here)
    reader.take("then")


def _loop(_: Reader, block: _Block) -> Iterator[e.Effect]:
    block.loops += 1
    yield from ()


def _while(reader: Reader, block: _Block) -> Iterator[e.Effect]:
    yield from reads_of_select(reader.until("loop"), block.here)


def _for(reader: Reader, block: _Block) -> Iterator[e.Effect]:
    """Read FOR … IN query LOOP, FOR … IN 1..9 LOOP and FOREACH."""
    reader.until("in", "loop")
    reader.take("in")
    over = reader.until("loop")
    if over and over[0].is_word("select", "with"):
        yield from query(Reader(over), block.here)
    elif over and over[0].is_word("execute"):
        yield from _execute(Reader(over[1:]), block)


def _end(reader: Reader, block: _Block) -> Iterator[e.Effect]:
    if reader.take("loop"):
        block.loops -= 1
    elif reader.take("if") or reader.take("case"):
        block.conditions -= 1
    reader.rest()
    yield from ()


def _when(reader: Reader, block: _Block) -> Iterator[e.Effect]:
    """Read WHEN of CASE and of EXCEPTION."""
    yield from _condition(reader, block)


def _case(reader: Reader, block: _Block) -> Iterator[e.Effect]:
    block.conditions += 1
    reader.until("when")
    yield from ()


_CONTROL: dict[str, Callable[[Reader, _Block], Iterator[e.Effect]]] = {
    "case": _case,
    "elsif": _condition,
    "elseif": _condition,
    "end": _end,
    "for": _for,
    "foreach": _for,
    "if": _if,
    "loop": _loop,
    "when": _when,
    "while": _while,
}


def _plain(reader: Reader, block: _Block) -> Iterator[e.Effect]:
    here = block.here
    if reader.take("execute"):
        yield from _execute(reader, block)
    elif reader.take("perform"):
        yield from query(Reader([Token(TokenKind.WORD, "select"), *reader.rest()]), here)
    elif reader.take("commit"):
        yield r.Alone(table="", origin=here.origin, statement="COMMIT in a DO block")
        yield r.Transaction(table="", origin=here.origin, boundary=r.Boundary.COMMIT)
    elif reader.peek().is_word(*_SILENT):
        return
    elif reader.peek(1).is_symbol(":=", "=", "["):
        name = reader.name()
        reader.next()
        value = reader.rest()
        block.texts[name] = _text(value, block.texts)
        yield from reads_of_select(value, here)
    else:
        yield from block.read(Reader(_without_into(reader.rest())), here)


def _without_into(tokens: list[Token]) -> list[Token]:
    """Leave out the variable that SELECT … INTO fills."""
    if not tokens or not tokens[0].is_word("select"):
        return tokens
    reader = Reader(tokens)
    before = reader.until("into", "from")
    if not reader.take("into"):
        return tokens
    reader.take("strict")
    while reader.name() and reader.take_symbol(","):
        pass
    return [*before, *reader.rest()]


def _execute(reader: Reader, block: _Block) -> Iterator[e.Effect]:
    """Read a statement that is put together; a mark stands for what is not known of it."""
    text = _text(reader.until("using", "into"), block.texts)
    found = (
        effect
        for statement in statements_of(tokens_of(text))
        for effect in block.read(Reader(statement), block.here)
    )
    yield from told(found, block.here) if MARK in text else found


def _text(tokens: Sequence[Token], known: Mapping[str, str]) -> str:
    """Join the parts of a text; a mark for what is not known."""
    parts = parts_of(tokens, symbol="||")
    if len(parts) > 1:
        return "".join(_text(part, known) for part in parts)
    if len(tokens) == 1 and tokens[0].kind is TokenKind.STRING:
        return tokens[0].text
    if len(tokens) == 1 and tokens[0].is_name:
        return known.get(tokens[0].text, f'"{MARK}"')
    reader = Reader(tokens)
    if reader.take("quote_ident"):
        return _quoted(_text(reader.group(), known))
    if reader.take("format"):
        template, *values = (_text(part, known) for part in parts_of(reader.group(), symbol=","))
        return _filled(template, values)
    inner = reader.group()
    return _text(inner, known) if inner and reader.is_done else f'"{MARK}"'


def _quoted(name: str) -> str:
    return name if MARK in name else f'"{name}"'


def _filled(template: str, values: Sequence[str]) -> str:
    """Do what ``format`` does."""
    for value in values:
        places = [(template.find(mark), mark) for mark in ("%I", "%L", "%s") if mark in template]
        if not places:
            break
        _, mark = min(places)
        written = {"%I": _quoted(value), "%L": f"'{value}'"}.get(mark, value)
        template = template.replace(mark, written, 1)
    return template
