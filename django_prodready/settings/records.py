"""What the last application of a class did, for commands that explain the settings. Holds no values."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Origin", "Record", "latest", "mark_of", "remember"]


@dataclass(frozen=True)
class Origin:
    """Where one setting came from."""

    mixins: tuple[str, ...]
    """Names of the classes that set or changed it, in that order."""
    variables: tuple[str, ...] = ()
    """Environment variables that were read for it, each with its ``_FILE`` where the file was read."""
    is_secret: bool = False


@dataclass(kw_only=True)
class Record:
    """One application of a class. ``module`` is the settings module it was for."""

    cls: type
    module: str
    origins: dict[str, Origin] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    """Names of the settings that the module had before, and gave a value."""
    removed: frozenset[str] = frozenset()
    seen: dict[str, int | None] = field(default_factory=dict)
    """A mark of each value as it was set, by which a later assignment is told; it gives no value away."""
    is_build: bool = False
    is_settled: bool = False


def mark_of(value: object) -> int | None:
    """Return a mark of a plain value, the same for equal ones in this process; None for others.

    Python salts it anew for each process. Django fills in dicts such as DATABASES, so they have none.
    """
    return hash((type(value).__name__, value)) if isinstance(value, str | int | float | None) else None


_latest: list[Record] = []


def remember(record: Record) -> None:
    """Keep ``record`` as the last one of this process."""
    _latest[:] = [record]


def latest() -> Record | None:
    """Return the last record of this process, if there is one; it may be of settings that were refused."""
    return _latest[0] if _latest else None
