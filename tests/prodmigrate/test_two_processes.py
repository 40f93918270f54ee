"""A long history, which two processes trace: one report, and nothing left behind."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError
from prodready_faults.traces import scratches
from prodready_linted import CALLS_QUIETLY, UNREAD
from prodready_services.once import once

from django_prodready.migration_safety import shares, tracing
from django_prodready.migration_safety.trace import process

if TYPE_CHECKING:
    from prodready_linted import Project

pytestmark = once

LENGTH = 50


@pytest.fixture
def history(project: Project, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Project:
    """Every third migration is unsafe; what fails early is needed late; the last needs all."""
    before = "0001_initial"
    for number in range(2, LENGTH):
        name = f"{number:04}_step"
        column = f'"book", "n{number}", models.CharField(max_length=9, null=True)'
        operations = f"migrations.AddField({column}),"
        if number % 3 == 0:
            operations = (
                f'migrations.AddIndex("book", models.Index(fields=["n{number - 1}"], name="i{number}")),'
            )
        if number in (5, LENGTH - 5):
            operations += UNREAD
        project.migration(name, operations, before, head=CALLS_QUIETLY)
        before = name
    project.migration("0900_fails", 'migrations.RunSQL("SELECT nothing"),', "0001_initial")
    project.migration("0901_after", "", "0900_fails")
    project.migration("0050_needs_it", "", "0901_after")
    needs = project.migrations / "0050_needs_it.py"
    needs.write_text(needs.read_text().replace('"0901_after")', f'"0901_after"), ("shop", "{before}")'))
    project.migration(
        "0051_last", 'migrations.AddField("book", "z", models.IntegerField(null=True)),', "0050_needs_it"
    )
    monkeypatch.setenv("PRODREADY_SCRATCH_URL", postgres_url)
    return project


@pytest.fixture
def divided(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two processors, wherever this runs; how many processes each trace had."""
    monkeypatch.setattr(shares, "_usable_processors", lambda: 2)
    counts = []
    run_all = tracing.client.run_all

    def counting(jobs: Any, **options: Any) -> Any:
        counts.append(len(jobs))
        return run_all(jobs, **options)

    monkeypatch.setattr(tracing.client, "run_all", counting)
    return counts


def without_times(told: dict[str, Any]) -> dict[str, Any]:
    return told | {"migrations": [one | {"duration_ms": None} for one in told["migrations"]]}


def test_two_processes_tell_what_one_does(
    history: Project,
    judged: Callable[..., dict[str, Any]],
    divided: list[int],
    monkeypatch: pytest.MonkeyPatch,
    postgres_url: str,
    tmp_path: Path,
) -> None:
    before = scratches(postgres_url)
    cache = str(tmp_path / "cache")
    two = judged("--all", "--trace", "--cache", cache)
    again = judged("--all", "--trace", "--cache", cache)
    monkeypatch.setattr(shares, "_usable_processors", lambda: 1)
    one = judged("--all", "--trace")
    assert divided == [2, 1, 1]  # what is unknown is never remembered
    assert without_times(two) == without_times(one) == without_times(again)
    assert scratches(postgres_url) <= before
    names = [migration["name"] for migration in two["migrations"]]
    assert names.index("0900_fails") < names.index("0901_after") < 10, (
        "it is the first process's, and what needs it the second's"
    )
    verdicts = {migration["name"]: migration["verdict"] for migration in two["migrations"]}
    assert verdicts["0900_fails"] == "unsafe"
    assert (verdicts["0050_needs_it"], verdicts["0051_last"]) == ("unknown", "unknown")
    assert list(verdicts.values()).count("unsafe") == 17
    told = {migration["name"]: migration["not_checked"] for migration in two["migrations"]}
    assert len(told["0005_step"]) == len(told["0045_step"]) == 1
    assert told["0050_needs_it"] == [
        "It was not run, because shop.0901_after, which it depends on, did not pass."
    ]


def test_an_interrupt_ends_both(
    history: Project,
    lint: Callable[..., tuple[object, str]],
    divided: list[int],
    monkeypatch: pytest.MonkeyPatch,
    postgres_url: str,
) -> None:
    before = scratches(postgres_url)
    seen: set[int] = set()
    children: list[int] = []
    started = process.Worker.__init__

    def remember(worker: Any, process: Any, *streams: Any) -> None:
        children.append(process.pid)
        started(worker, process, *streams)

    def interrupt(told: Any, _: Any) -> None:
        seen.add(id(told))
        if len(seen) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(process.Worker, "__init__", remember)
    monkeypatch.setattr(tracing._Told, "take", interrupt)
    with pytest.raises(CommandError, match=r"^interrupted\.$"):
        lint("--all", "--trace")
    assert divided == [2]
    assert len(children) == 2
    for pid in children:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert scratches(postgres_url) <= before
