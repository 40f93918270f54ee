"""Ask the probes in this process, by the very code that answers ``/ready/``."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from django.conf import settings

from django_prodready.conf import get_config
from django_prodready.health.asked import Asked, Pending
from django_prodready.health.negotiation import Format
from django_prodready.health.outcome import HealthReport, Outcome
from django_prodready.health.probe_set import get_probe_set
from django_prodready.health.query import Query
from django_prodready.health.readiness import readiness
from django_prodready.health.renderers import json as json_renderer
from django_prodready.health.selection import READY, select
from django_prodready.health.statement import Statement
from django_prodready.management.prodhealth.state import Row, State, UsageError
from django_prodready.reporting.redaction import Redactor
from django_prodready.reporting.safe_errors import safe_exception_text


def query_of(options: Mapping[str, Any]) -> Query:
    """Say which probes the options name. Raises :class:`UsageError` for those that there are not."""
    specs = get_probe_set()
    groups = {READY}.union(*(spec.groups for spec in specs.values()))
    for option, known in (("probe", specs), ("exclude", specs), ("group", groups)):
        for name in options[option]:
            _refuse_unknown(option, name, known)
    query = Query(
        probes=tuple(options["probe"]),
        groups=tuple(options["group"]),
        excluded=tuple(options["exclude"]),
    )
    if query != Query() and not select(specs, query):
        raise UsageError("No probe is left to ask: --probe, --group and --exclude leave none.")
    return query


def look(query: Query, redactor: Redactor) -> State:
    """Return how the probes are that ``query`` names; none is asked while DRAIN_FILE says draining."""
    answer = readiness(Asked(query=query, format=Format.JSON, has_details=True))
    statement = answer.conclude(answer.find_out()) if isinstance(answer, Pending) else answer
    rows = tuple(_rows(statement.report, redactor)) if statement.report else ()
    return State(
        place=_settings_module(),
        is_fit=statement.http_status == 200,
        status=statement.status,
        reason=f"draining, because {get_config().drain_file} is there" if statement.is_draining else None,
        rows=rows,
        payload=_payload(statement, redactor),
    )


def not_loaded(error: BaseException, redactor: Redactor) -> State:
    """Return what there is to say of a process whose settings, or apps, cannot be loaded."""
    said = safe_exception_text(error, redactor)
    return State(
        place=_settings_module(),
        is_fit=False,
        status="not_ready",
        reason=f"the project cannot be loaded. {said}",
        rows=(),
        payload={"status": "not_ready", "reason": "not_loaded", "checks": {}, "detail": said},
    )


def _refuse_unknown(option: str, name: str, known: Collection[str]) -> None:
    if name in known:
        return
    what = "group" if option == "group" else "probe"
    nearest = get_close_matches(name, known, n=1)
    if nearest:
        raise UsageError(f"--{option} {name}: there is no such {what}. Did you mean {nearest[0]}?")
    listed = ", ".join(known) or "none"
    raise UsageError(f"--{option} {name}: there is no such {what}. There are: {listed}.")


def _settings_module() -> str:
    loaded = getattr(settings, "SETTINGS_MODULE", None) if settings.configured else None
    return str(loaded or os.environ.get("DJANGO_SETTINGS_MODULE") or "settings of this process")


def _payload(statement: Statement, redactor: Redactor) -> dict[str, Any]:
    """Give the verbose JSON of /ready/, with a ``detail`` beside every ``error``."""
    payload: dict[str, Any] = json.loads(json_renderer.render(statement))
    outcomes = statement.report.outcomes if statement.report else {}
    for name, outcome in outcomes.items():
        payload["probes"][name]["detail"] = _detail(outcome, redactor)
    return payload


def _rows(report: HealthReport, redactor: Redactor) -> Iterator[Row]:
    for name, outcome in report.outcomes.items():
        said = filter(None, (outcome.error, _detail(outcome, redactor)))
        yield Row(
            name=name,
            status=outcome.status,
            is_critical=report.specs[name].critical,
            duration_ms=outcome.duration_s * 1000,
            said=": ".join(said),
        )


def _detail(outcome: Outcome, redactor: Redactor) -> str | None:
    return redactor.scrub(outcome.detail) if outcome.detail else None
