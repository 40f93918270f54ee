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
MEMBERS = ("members", "0002_index")
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


@pytest.mark.parametrize(
    ("applied", "judged"),
    [
        ([], ["0001_squashed_0003_index", "0004_late"]),
        (["0001_initial"], ["0002_note", "0003_index", "0004_late"]),
        (["0001_initial", "0002_note", "0003_index"], ["0004_late"]),
    ],
)
def test_histories_of_any_shape(postgres_url: str, applied: list[str], judged: list[str]) -> None:
    """Users of the project's own, squashed migrations applied in part, ``run_before``, an app without any."""
    messages = told(
        postgres_url,
        settings_module="prodready_traced.grown_settings",
        alias="default",
        selection=Selection(third_party=True),
        applied=(("members", "0001_initial"), *(("grown", name) for name in applied)),
    )
    found = {
        (one["judgement"]["key"][0], one["judgement"]["key"][1]): from_wire(one["judgement"])
        for one in messages
        if one["kind"] == JUDGEMENT
    }
    assert [name for label, name in found if label == "grown"] == judged
    assert [one.not_checked for one in found.values() if one.not_checked] == []
    (index,) = found[MEMBERS].findings
    assert (index.rule, index.tables) == ("index-build", ("members_member",))
    slow = ("grown", "0003_index")
    assert slow not in found or [one.rule for one in found[slow].findings] == ["index-build"]
    assert not [key for key, one in found.items() if one.findings and key not in (slow, MEMBERS)]


def test_an_extension_that_the_engine_needs_and_the_server_has_not(postgres_url: str) -> None:
    with pytest.raises(TraceError, match=r"refuses what prodready_traced.postgis_engine asks for .*0A000"):
        told(
            postgres_url,
            settings_module="prodready_traced.postgis_settings",
            alias="default",
            selection=EVERYTHING,
        )
