"""The words of a verdict on migrations: category, evidence, lock, finding, verdict, report. Data only."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from django_prodready.reporting.finding import Location, Severity, Suppression

Key = tuple[str, str]  # app label and name of a migration


class Category(enum.Enum):
    """What an unsafe migration does to the running site."""

    BLOCKING = "blocking"  # work proportional to a table while writers of an existing table wait
    DESTRUCTIVE = "destructive"  # data that the deployed release uses is deleted on purpose
    INCOMPATIBLE = "incompatible"  # the deployed or the new code breaks
    BULK_WRITE = "bulk_write"  # one transaction rewrites nearly all rows of an existing table
    FAILS = "fails"  # on existing rows, or in its transaction mode


class Evidence(enum.Enum):
    """How a finding came to be known."""

    TRACED = "traced"  # seen on a real server
    INFERRED = "inferred"  # concluded from the operation and the models' state before it


class Verdict(enum.Enum):
    """What is said of one migration."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    UNKNOWN = "unknown"


class Phase(enum.Enum):
    """When a migration may run."""

    EXPAND = "expand"  # before the new code
    CONTRACT = "contract"  # after the old code is gone


@dataclass(frozen=True, slots=True)
class Lock:
    """A lock that a migration held on an existing table."""

    table: str  # as PostgreSQL finds it; with the schema where that is not on the search path
    mode: str  # as in pg_locks: "AccessExclusiveLock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a migration does to the running site."""

    rule: str  # a rule's name, "index-build"
    category: Category | None  # None: worth knowing, and no reason to call the migration unsafe
    evidence: Evidence
    message: str  # the consequence for the running site, with the lock and whom it blocks
    hint: str  # one imperative: the way out
    severity: Severity = Severity.ERROR
    operation: int | None = None  # counted from 0; None: the migration as a whole
    tables: tuple[str, ...] = ()  # the existing tables that are worked on, to look their size up
    locks: tuple[Lock, ...] = ()
    rewrite: bool = False  # whether a table is written anew
    method: str | None = None  # of the index that is built, "gin"; None: a B-tree
    safe_way: str = ""  # operations in Python, with the project's own names
    subject: str | None = None  # what the finding is about: "shop_book.title"; part of its identity

    # Filled in later than the rest.
    rows: int | None = None  # in the target; None: unknown
    bytes: int | None = None
    estimated_block_s: float | None = None
    estimate_reason: str = ""
    at: Location | None = None
    fingerprint: str = ""
    suppressed: Suppression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is said of one migration."""

    key: Key
    verdict: Verdict
    phase: Phase = Phase.EXPAND
    reversible: bool = True
    traced: bool = False
    duration_ms: float | None = None  # on the scratch database; None when not run
    findings: tuple[Finding, ...] = ()
    not_checked: tuple[str, ...] = ()  # what this verdict does not cover, one sentence each
    is_partial: bool = False  # it is unknown, or would be if its findings were accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that one run says."""

    database: str  # alias
    traced: bool
    judgements: tuple[Judgement, ...] = ()
    notes: tuple[str, ...] = field(
        default=()
    )  # of the run as a whole: what a trace would add, unused ignores
