"""The examples of every rule, run: what is unsafe is found by its rule, what is safe is not called so."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from django.db import connections
from prodready_histories import History, chained
from prodready_services.once import once
from prodready_static_migrations import SHOP, migration_of

from django_prodready.migration_safety import rules
from django_prodready.migration_safety.model import Judgement
from django_prodready.migration_safety.rule import Example, all_rules

pytestmark = once

# What becomes visible of it when it runs is another rule's, of the same category.
ALIKE = {
    "column-type-rewrite": "scan-under-lock",  # a new type of the same size, and a check that is made anew
    "not-null-without-default": "models-and-schema-differ",  # of the new code, not the deployed one
}


@pytest.fixture(autouse=True)
def _one_database(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have code that asks for no alias use the same session, as the process of a trace has."""
    monkeypatch.setattr(connections._connections, "default", history.connection, raising=False)  # type: ignore[attr-defined]


def examples(kind: str) -> list[Any]:
    return [
        pytest.param(name, example, id=f"{kind}-{name}-{number}")
        for name in all_rules()
        for number, example in enumerate(
            getattr(importlib.import_module(f"{rules.__name__}.{name.replace('-', '_')}"), kind)
        )
    ]


def judged(history: History, example: Example) -> Judgement:
    """Run the shop, what is deployed on it, what the release does before, and the example."""
    deployed = [migration_of(SHOP, "0001_shop")]
    if example.deployed:
        deployed.append(migration_of(example.deployed, "0002_deployed", code=example.code))
    pending = []
    if example.earlier:
        pending.append(migration_of(example.earlier, "0003_earlier", code=example.code))
    pending.append(migration_of(example.operations, "0004_judged", code=example.code, atomic=example.atomic))
    steps = chained(*deployed, *pending)
    told = history.trace(steps, [one.name for one in pending], each_deployed=False)
    if any("an extension" in words for one in told for words in one.not_checked):
        pytest.skip("this server lacks the extension")
    assert [one.key[1] for one in told] == [one.name for one in pending], told
    return told[-1]


@pytest.mark.parametrize(("name", "example"), examples("UNSAFE"))
def test_an_unsafe_example_is_found(history: History, name: str, example: Example) -> None:
    judgement = judged(history, example)
    assert {name, ALIKE.get(name)} & {finding.rule for finding in judgement.findings}, judgement


@pytest.mark.parametrize(("name", "example"), examples("SAFE"))
def test_a_safe_example_is_not_called_so_by_its_rule(history: History, name: str, example: Example) -> None:
    judgement = judged(history, example)
    assert name not in {finding.rule for finding in judgement.findings}, judgement
