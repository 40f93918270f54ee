"""A statement as a page for people: what a browser gets.

One answer and nothing else: no asset, no script, no further request. It reloads itself, reads on a
telephone and on paper, and says every status by a shape and a word.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

from django_prodready.health import history
from django_prodready.health.outcome import HealthReport, Outcome
from django_prodready.health.renderers.page_marks import OF_STATUS, icon, mark, sprite
from django_prodready.health.renderers.page_strip import strip
from django_prodready.health.renderers.page_style import POLICY, SHEET
from django_prodready.health.renderers.page_words import ENDPOINTS, STATUSES, duration, headline, tally
from django_prodready.health.statement import Statement

CONTENT_TYPE = "text/html; charset=utf-8"
EXTRA_HEADERS: tuple[tuple[str, str], ...] = (("Content-Security-Policy", POLICY),)

# As often as kubelet asks by default:
# https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
RELOAD_S = 10
COLUMN_CHARS = 12  # what one of four columns holds of a version; a longer one has a line of its own


def render(statement: Statement) -> bytes:
    """Return the whole page.

    It shows the statement and the recent statuses of its probes in this process; which process that is,
    and what errors it saw, only when the statement has details.
    """
    head = headline(statement)
    outcomes = {} if statement.report is None else statement.report.outcomes
    marks = {head.mark, *(OF_STATUS[outcome.status] for outcome in outcomes.values())}
    page = (
        "<!doctype html><html lang=en><meta charset=utf-8>"
        f"<title>{head.word} · {ENDPOINTS[statement.endpoint]}</title>"
        "<meta name=viewport content='width=device-width,initial-scale=1'>"
        f"<meta http-equiv=refresh content={RELOAD_S}><meta name=robots content=noindex>"
        f'<link rel=icon href="{icon(head.mark)}"><style>{SHEET}</style>'
        f"<body class={head.mark}>{sprite(sorted(marks))}<main>"
        f"<h1>{mark(head.mark)}{head.word}</h1><p class=lead>{_breakable(head.sentence)}</p>"
        f"{_about(statement)}{_probes(statement)}"
        f"<p class=note>This page reloads every {RELOAD_S} seconds.</main>"
    )
    # A name or a version may hold half a surrogate pair, which no UTF-8 can say.
    return page.encode(errors="xmlcharrefreplace")


def _breakable(text: str) -> str:
    """Return ``text`` for HTML, with a place to break the line after each underscore of a long name."""
    return escape(text).replace("_", "_<wbr>")


def _about(statement: Statement) -> str:
    now = datetime.now(UTC)
    updated = f"<time datetime={now:%Y-%m-%dT%H:%M:%SZ}>{now:%H:%M:%S} UTC</time>"
    items = [
        _item("Endpoint", ENDPOINTS[statement.endpoint]),
        _item("HTTP status", str(statement.http_status)),
        _item("Updated at", updated),
    ]
    if statement.version is not None:
        is_wide = len(statement.version) > COLUMN_CHARS
        items.append(_item("Version", escape(statement.version), " class=wide" if is_wide else ""))
    return f"<dl>{''.join(items)}</dl>"


def _item(term: str, value: str, attributes: str = "") -> str:
    return f"<div{attributes}><dt>{term}<dd>{value}</div>"


def _probes(statement: Statement) -> str:
    report = statement.report
    if report is None or (statement.is_draining and not report.outcomes):
        return ""
    if not report.outcomes:
        return "<h2><b>Probes</b></h2><p class=note>There is no probe to ask.</p>"
    now_s = time.monotonic()
    items = "".join(
        _probe(name, report, now_s, has_details=statement.has_details) for name in report.outcomes
    )
    process = f"process {os.getpid()}, which" if statement.has_details else "the process that"
    return (
        f"<h2><b>Probes</b> {tally(report)}</h2><ul role=list>{items}</ul>"
        "<p class=note>Each bar is one run, the newest at the right: low means ok, higher degraded, "
        f"full height down. These are the runs of {process} answered; another process has its own."
    )


def _probe(name: str, report: HealthReport, now_s: float, *, has_details: bool) -> str:
    outcome = report.outcomes[name]
    known = history.recent(name)
    facts = ["critical" if report.specs[name].critical else "not critical"]
    if has_details:
        facts += _details(outcome, known, now_s)
    which = OF_STATUS[outcome.status]
    return (
        f"<li class={which}>{mark(which)}<h3>{_breakable(name)}</h3>"
        f"{strip([past.status for past in known])}<strong>{STATUSES[outcome.status]}</strong>"
        f"<small>{escape(' · '.join(facts))}</small>"
    )


def _details(outcome: Outcome, known: Sequence[Outcome], now_s: float) -> list[str]:
    """Say how long, when, and by which classes of errors; the text of an error is never shown."""
    age_s = max(0.0, now_s - outcome.finished_s)
    facts = [f"took {duration(outcome.duration_s)}", f"{duration(age_s)} ago"]
    if _tells_more(outcome):
        facts.append(str(outcome.error))
    earlier = Counter(past.error for past in known if past is not outcome and _tells_more(past))
    if earlier:
        listed = ", ".join(f"{error} ({count})" for error, count in earlier.most_common())
        facts.append(f"earlier: {listed}")
    return facts


def _tells_more(outcome: Outcome) -> bool:
    """Whether the error's class says anything beside the status: a plain ``Degraded`` does not."""
    return outcome.error not in (None, STATUSES[outcome.status])
