"""The folder of verdicts: what is kept comes back, what is spoilt or no verdict does not."""

from __future__ import annotations

import dataclasses
import importlib
import json
import os
import stat
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import migrations
from django.db.migrations.loader import MigrationLoader

from django_prodready.migration_safety import cache
from django_prodready.migration_safety.cache import Cache, Remembered, narrowed, server_version
from django_prodready.migration_safety.cache_key import keys_of
from django_prodready.migration_safety.files import TEMPORARY
from django_prodready.migration_safety.model import (
    Category,
    Evidence,
    Finding,
    Judgement,
    Key,
    Lock,
    Phase,
    Verdict,
)
from django_prodready.migration_safety.plan import Plan, Step
from django_prodready.migration_safety.trace.scratch import ScratchError, from_url
from django_prodready.reporting.redaction import Redactor

KEY = ("shop", "0002_next")
NAME = "ab" * 32
FINDING = Finding(
    rule="index-build",
    category=Category.BLOCKING,
    evidence=Evidence.TRACED,
    message="Writes wait.",
    hint="Do not.",
    operation=1,
    tables=("shop_book",),
    locks=(Lock("shop_book", "ShareLock"),),
    subject="shop_book.title",
)
JUDGEMENT = Judgement(
    key=KEY,
    verdict=Verdict.UNSAFE,
    phase=Phase.CONTRACT,
    reversible=False,
    traced=True,
    duration_ms=3.5,
    findings=(FINDING,),
    not_checked=("The rest.",),
)


def keep(folder: Path, judgement: Judgement = JUDGEMENT, *attempts: str, name: str = NAME) -> tuple[str, ...]:
    keys = {judgement.key: name}
    return Cache(folder).keep(
        keys, {judgement.key: judgement}, {judgement.key: attempts}, Redactor(["pa55-w0rd"])
    )


def find(folder: Path, key: Key = KEY, name: str = NAME) -> Remembered | None:
    return Cache(folder).find({key: name}).get(key)


class TestKept:
    def test_all_comes_back(self, tmp_path: Path) -> None:
        assert keep(tmp_path, JUDGEMENT, "tried to send a mail") == ()
        assert find(tmp_path) == Remembered(JUDGEMENT, ("tried to send a mail",))

    def test_another_name_or_another_migration_is_not_found(self, tmp_path: Path) -> None:
        keep(tmp_path)
        assert find(tmp_path, name="cd" * 32) is None
        assert find(tmp_path, key=("shop", "0003_other")) is None

    @pytest.mark.parametrize(
        "judgement",
        [
            dataclasses.replace(JUDGEMENT, verdict=Verdict.UNKNOWN),
            dataclasses.replace(JUDGEMENT, traced=False),
            dataclasses.replace(JUDGEMENT, findings=(dataclasses.replace(FINDING, rule="migration-fails"),)),
        ],
    )
    def test_what_may_be_otherwise_next_time_is_not_kept(self, judgement: Judgement, tmp_path: Path) -> None:
        keep(tmp_path, judgement)
        assert not list(tmp_path.glob("*.json"))

    def test_a_verdict_that_did_not_come_is_not_kept(self, tmp_path: Path) -> None:
        assert Cache(tmp_path).keep({KEY: NAME}, {}, {}, Redactor()) == ()
        assert find(tmp_path) is None

    def test_secrets_are_not_written(self, tmp_path: Path) -> None:
        told = dataclasses.replace(JUDGEMENT, not_checked=("It used pa55-w0rd.",))
        keep(tmp_path, told, "tried to reach https://me:pa55-w0rd@example.org")
        (file,) = tmp_path.glob("*.json")
        assert "pa55" not in file.read_text()
        assert find(tmp_path) is not None

    def test_what_is_very_long_is_not_kept(self, tmp_path: Path) -> None:
        keep(tmp_path, dataclasses.replace(JUDGEMENT, not_checked=("x" * 200_001,)))
        assert find(tmp_path) is None


DEEP = "[" * 200_000


class TestSpoilt:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"{",
            b"\xff\xfe",
            b"[]",
            b"3",
            b"null",
            b"{}",
            b'{"schema": 1, "judgement": {"key": ["a"]}}',
            DEEP.encode(),
        ],
        ids=range(9),
    )
    def test_it_counts_as_not_there(self, content: bytes, tmp_path: Path) -> None:
        (tmp_path / f"{NAME}.json").write_bytes(content)
        assert find(tmp_path) is None
        keep(tmp_path)
        assert find(tmp_path) is not None

    @pytest.mark.parametrize(
        "change", [{"schema": 2}, {"attempts": None}, {"judgement": {"key": ["shop", "0002_next"]}}]
    )
    def test_so_does_another_schema_or_half_of_one(self, change: dict[str, Any], tmp_path: Path) -> None:
        keep(tmp_path)
        (file,) = tmp_path.glob("*.json")
        file.write_text(json.dumps(json.loads(file.read_text()) | change))
        assert find(tmp_path) is None

    def test_an_unknown_verdict_that_somebody_wrote_does_not_count(self, tmp_path: Path) -> None:
        keep(tmp_path)
        (file,) = tmp_path.glob("*.json")
        file.write_text(file.read_text().replace('"unsafe"', '"unknown"'))
        assert find(tmp_path) is None


class TestFolder:
    def test_a_new_one_is_kept_out_of_version_control_and_of_backups(self, tmp_path: Path) -> None:
        keep(tmp_path / "new" / "folder")
        folder = tmp_path / "new" / "folder"
        assert (folder / ".gitignore").read_text() == "*\n"
        assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")

    def test_one_that_was_there_gets_nothing_but_verdicts(self, tmp_path: Path) -> None:
        keep(tmp_path)
        assert [file.name for file in tmp_path.iterdir()] == [f"{NAME}.json"]

    def test_one_that_cannot_be_written_is_told_in_a_note(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        (note,) = keep(tmp_path / "file")
        assert note == (
            f"The verdicts are not kept in {tmp_path / 'file'}, which cannot be written: File exists."
        )
        assert find(tmp_path / "file") is None

    def test_one_that_is_read_only_is_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        keep(tmp_path)
        monkeypatch.setattr("os.utime", lambda _: (_ for _ in ()).throw(OSError(30, "Read-only")))
        assert find(tmp_path) is not None

    def test_the_mode_is_that_of_other_files(self, tmp_path: Path) -> None:
        keep(tmp_path)
        (tmp_path / "plain").write_text("")
        assert stat.S_IMODE((tmp_path / f"{NAME}.json").stat().st_mode) == stat.S_IMODE(
            (tmp_path / "plain").stat().st_mode
        )

    def test_what_was_used_longest_ago_goes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cache, "MAX_ENTRIES", 2)
        names = ["0" * 64, "1" * 64, "2" * 64]
        for age_s, name in zip((30, 20, 10), names[:3], strict=True):
            keep(tmp_path, name=name)
            if (tmp_path / f"{name}.json").exists():
                then = time.time() - age_s
                os.utime(tmp_path / f"{name}.json", (then, then))
            if name == names[1]:
                assert find(tmp_path, name=names[0]) is not None  # which makes it the newest
        assert {file.stem for file in tmp_path.iterdir()} == {names[0], names[2]}

    def test_what_killed_runs_left_goes_and_nothing_else(self, tmp_path: Path) -> None:
        old, young, foreign = (tmp_path / name for name in (f".a{TEMPORARY}", f".b{TEMPORARY}", "notes.json"))
        for file in (old, young, foreign):
            file.write_text("")
        for file in (old, foreign):
            os.utime(file, (0, 0))
        keep(tmp_path)
        assert (old.exists(), young.exists(), foreign.exists()) == (False, True, True)

    def test_several_may_write_at_a_time(self, tmp_path: Path) -> None:
        notes: list[tuple[str, ...]] = []
        threads = [
            threading.Thread(target=lambda: notes.extend(keep(tmp_path / "new") for _ in range(20)))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            found = find(tmp_path / "new")
            assert found is None or found.judgement == JUDGEMENT
        assert set(notes) == {()}
        assert {file.name for file in (tmp_path / "new").iterdir()} == {
            f"{NAME}.json",
            ".gitignore",
            "CACHEDIR.TAG",
        }


class TestKeys:
    @pytest.fixture
    def plan(self) -> Plan:
        loader = MigrationLoader(None, load=False)
        loader.unmigrated_apps = set()
        module = "tests_of_cache_keys"
        made = type("Migration", (migrations.Migration,), {"__module__": module})("0001", "shop")
        return Plan(
            alias="default",
            loader=loader,
            steps=(Step(made, is_judged=True, is_deployed=False),),
            each_deployed=True,
        )

    def test_they_are_those_of_the_plan(
        self, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "tests_of_cache_keys.py"
        file.write_text("import json\n")
        monkeypatch.syspath_prepend(tmp_path)
        importlib.import_module("tests_of_cache_keys")
        folder = tmp_path / "cache"
        keys = Cache(folder).keys(plan, 150018)
        assert keys == keys_of(plan, 150018)
        assert set(keys) == {("shop", "0001")}
        before = (folder / "modules.json").stat()
        assert Cache(folder).keys(plan, 150018) == keys
        assert (folder / "modules.json").stat() == before
        for spoilt in ("{", "[]", DEEP):
            (folder / "modules.json").write_text(spoilt)
            assert Cache(folder).keys(plan, 150018) == keys
            assert json.loads((folder / "modules.json").read_text()).keys()

    def test_a_folder_that_cannot_be_written_is_no_hindrance(self, plan: Plan, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        assert Cache(tmp_path / "file").keys(plan, 150018) == keys_of(plan, 150018)


class TestNarrowed:
    def plan(self, *, each_deployed: bool) -> Plan:
        names = ["0001", "0002", "0003", "0004"]
        steps = [
            Step(migrations.Migration(name, "shop"), is_judged=name != "0001", is_deployed=name == "0001")
            for name in names
        ]
        loader = MigrationLoader(None, load=False)
        return Plan(alias="default", loader=loader, steps=tuple(steps), each_deployed=each_deployed)

    @pytest.mark.parametrize(
        ("known", "judged", "last"),
        [
            ([], ["0002", "0003", "0004"], "0004"),
            (["0002", "0003"], ["0004"], "0004"),
            (["0003", "0004"], ["0002"], "0002"),
        ],
    )
    def test_what_is_known_is_run_and_not_judged(
        self, known: list[str], judged: list[str], last: str
    ) -> None:
        plan = narrowed(self.plan(each_deployed=True), [("shop", name) for name in known])
        assert plan is not None
        assert [step.key[1] for step in plan.judged] == judged
        assert plan.steps[-1].key[1] == last

    def test_pending_ones_are_judged_together(self) -> None:
        plan = self.plan(each_deployed=False)
        assert narrowed(plan, [("shop", "0002")]) is plan

    @pytest.mark.parametrize("each_deployed", [True, False])
    def test_nothing_is_left_when_all_are_known(self, each_deployed: bool) -> None:
        known = [("shop", name) for name in ("0002", "0003", "0004")]
        assert narrowed(self.plan(each_deployed=each_deployed), known) is None


def test_the_server_tells_its_version(postgres_url: str) -> None:
    assert 150000 <= server_version(from_url(postgres_url)) < 1_000_000
    with pytest.raises(ScratchError):
        server_version(from_url("postgresql://me:pw@127.0.0.1:1/x"))
