"""What the process of a trace does with its job."""

from __future__ import annotations

from typing import Any

import pytest

from django_prodready.migration_safety.plan import Selection
from django_prodready.migration_safety.trace import client, scratch
from django_prodready.migration_safety.trace.protocol import KNOWN, Job, TraceError
from django_prodready.migration_safety.trace.run import JUDGEMENT
from django_prodready.migration_safety.trace.wire import STEP, from_wire

ROUTED = "prodready_traced.routed_settings"
EVERYTHING = Selection(everything=True, third_party=True)
FIRST, SECOND = ("routed", "0001_initial"), ("routed", "0002_indexes")


def told(postgres_url: str, **job: Any) -> list[dict[str, Any]]:
    with scratch.created(scratch.from_url(postgres_url)) as database:
        return list(client.run(Job(**job), database))


@pytest.mark.parametrize(("alias", "table"), [("default", "routed_kind"), ("events", "routed_event")])
def test_each_database_is_judged_for_what_it_has(postgres_url: str, alias: str, table: str) -> None:
    messages = told(postgres_url, settings_module=ROUTED, alias=alias, selection=EVERYTHING)
    assert [tuple(one["key"]) for one in messages if one["kind"] == STEP] == [FIRST, SECOND]
    first, second = (from_wire(one["judgement"]) for one in messages if one["kind"] == JUDGEMENT)
    assert first.findings == first.not_checked == second.not_checked == ()
    assert [(one.rule, one.tables) for one in second.findings] == [("index-build", (table,))]


def test_what_is_known_is_run_and_not_judged(postgres_url: str) -> None:
    messages = told(
        postgres_url,
        settings_module=ROUTED,
        alias="default",
        selection=EVERYTHING,
        applied=(FIRST,),
        options={KNOWN: [FIRST]},
    )
    assert [tuple(one["key"]) for one in messages if one["kind"] == STEP] == [FIRST, SECOND]
    (judgement,) = (one["judgement"] for one in messages if one["kind"] == JUDGEMENT)
    assert tuple(judgement["key"]) == SECOND


def test_an_extension_that_the_engine_needs_and_the_server_has_not(postgres_url: str) -> None:
    with pytest.raises(TraceError, match=r"refuses what prodready_traced.postgis_engine asks for .*0A000"):
        told(
            postgres_url,
            settings_module="prodready_traced.postgis_settings",
            alias="default",
            selection=EVERYTHING,
        )
