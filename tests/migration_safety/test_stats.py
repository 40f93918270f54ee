"""The file of table sizes: written whole, the same for the same sizes, and read with care."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connections
from prodready_databases import install, postgres_entry, sqlite_entry, through
from prodready_services.server import free_port

from django_prodready.migration_safety.sizes import Sizes, TableSize
from django_prodready.migration_safety.stats import StatsError, dump, export, load

ALIAS = "target"
NOW = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
BOOK = TableSize(
    rows=1_200_000,
    bytes=104_857_600,
    heap_bytes=100_000_000,
    index_bytes=30_000_000,
    indexes=2,
    seq_scans=3,
    idx_scans=4,
    writes=5,
)
SIZES = Sizes(
    tables={"public.shop_book": BOOK, "archive.büch": dataclasses.replace(BOOK, rows=None)},
    search_path=("public",),
    database="shop",
    server_version="17.2",
    taken_at=NOW,
    since=NOW - timedelta(days=30),
)


@pytest.fixture
def put(monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any) -> Iterator[Any]:
    def put(entry: dict[str, Any]) -> Any:
        install(monkeypatch, entry, ALIAS)
        return connections[ALIAS]

    with django_db_blocker.unblock():
        yield put
        connections[ALIAS].close()
        del connections[ALIAS]


def written(folder: Path, **changes: object) -> Path:
    """A file with ``changes``; a value of ... leaves a key out."""
    document = {**json.loads(dump(SIZES)), **changes}
    path = folder / "stats.json"
    path.write_text(json.dumps({key: value for key, value in document.items() if value is not ...}))
    return path


class TestExport:
    def test_what_is_written_is_read_again(self, put: Any, postgres_database: str, tmp_path: Path) -> None:
        with psycopg.connect(postgres_database, autocommit=True) as connection:
            connection.execute("CREATE TABLE shop_book AS SELECT g FROM generate_series(1, 500) g")
            connection.execute("ANALYZE shop_book")
        path = tmp_path / "stats.json"
        found = export(put(postgres_entry(postgres_database)), path)
        assert found.tables["public.shop_book"].rows == 500
        again = load(path)
        assert again.tables == found.tables
        assert (again.database, again.server_version) == (found.database, found.server_version)
        assert [file.name for file in tmp_path.iterdir()] == ["stats.json"]
        account = urlsplit(postgres_database)
        text = path.read_text()
        for hidden in (account.hostname, account.username, account.password, str(account.port)):
            assert f'"{hidden}"' not in text

    def test_another_kind_of_database_is_refused(self, put: Any, tmp_path: Path) -> None:
        with pytest.raises(StatsError, match=r"DATABASES\['target'\] is none: give the alias"):
            export(put(sqlite_entry(":memory:")), tmp_path / "stats.json")

    def test_one_that_is_away_says_what_to_do(self, put: Any, tmp_path: Path) -> None:
        connection = put(postgres_entry(through("postgresql://me:pw@localhost/x", free_port())))
        with pytest.raises(StatsError, match=r"cannot be asked .* Run it where the database can be reached"):
            export(connection, tmp_path / "stats.json")
        assert list(tmp_path.iterdir()) == []

    def test_a_place_that_cannot_be_written_is_told(
        self, put: Any, postgres_url: str, tmp_path: Path
    ) -> None:
        connection = put(postgres_entry(postgres_url))
        with pytest.raises(StatsError, match=r"stats.json cannot be written: No such file or directory\."):
            export(connection, tmp_path / "none" / "stats.json")
        with pytest.raises(StatsError, match="is no regular file"):
            export(connection, tmp_path)

    def test_the_old_file_stays_until_the_new_one_is_whole(
        self, put: Any, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = tmp_path / "stats.json"
        path.write_text("old")
        monkeypatch.setattr("os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(StatsError, match="No space left"):
            export(put(postgres_entry(postgres_url)), path)
        assert [file.read_text() for file in tmp_path.iterdir()] == ["old"]


class TestText:
    def test_each_table_has_a_line_in_order(self) -> None:
        lines = dump(SIZES).splitlines()
        assert lines[0] == "{"
        assert lines[1:3] == ['  "schema": 1,', '  "taken_at": "2026-11-20T06:30:00+00:00",']
        assert [line.split('"')[1] for line in lines if line.startswith("    ")] == [
            "archive.büch",
            "public.shop_book",
        ]
        assert dump(SIZES) == dump(dataclasses.replace(SIZES, tables=dict(reversed(SIZES.tables.items()))))

    def test_no_tables_and_no_beginning(self, tmp_path: Path) -> None:
        path = tmp_path / "stats.json"
        empty = dataclasses.replace(SIZES, tables={}, since=None)
        path.write_text(dump(empty))
        assert load(path, NOW) == empty


class TestLoad:
    def test_all_comes_back(self, tmp_path: Path) -> None:
        assert load(written(tmp_path), NOW + timedelta(days=90)) == SIZES

    def test_an_old_one_is_told_of(self, tmp_path: Path) -> None:
        path = written(tmp_path)
        (note,) = load(path, NOW + timedelta(days=91)).notes
        assert note == (
            "The sizes of the tables are those of stats.json, which is 91 days old. Make a new one: "
            f"manage.py prodmigrate --export-stats {path}"
        )

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"schema": ...}, "it is no file of table sizes"),
            ({"schema": 2}, '"schema" must be 1, and this one is of another version'),
            ({"tables": []}, '"tables" must be an object'),
            ({"search_path": "public"}, '"search_path" must be a list of schemas'),
            ({"search_path": [1]}, '"search_path" must be a list of schemas'),
            ({"taken_at": ...}, '"taken_at" is missing'),
            ({"taken_at": 3}, '"taken_at" must be a time with its offset'),
            ({"taken_at": "2026-11-20"}, '"taken_at" must be a time with its offset'),
            ({"since": "yesterday"}, '"since" must be a time with its offset'),
            ({"tables": {"x": 3}}, '"x" of "tables" must be an object'),
            ({"tables": {"x": {}}}, '"rows" of the table "x" must be a whole number'),
            (
                {"tables": {"x": {"rows": 1, "bytes": True}}},
                '"bytes" of the table "x" must be a whole number',
            ),
            ({"tables": {"x": {"rows": -1}}}, '"rows" of the table "x" must be a whole number'),
        ],
    )
    def test_what_is_wrong_is_named(self, changes: dict[str, object], says: str, tmp_path: Path) -> None:
        path = written(tmp_path, **changes)
        with pytest.raises(StatsError) as caught:
            load(path)
        message = str(caught.value)
        assert message.startswith(f"stats.json: {says}")
        assert message.endswith(f"Make a new one: manage.py prodmigrate --export-stats {path}")

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"{", r"stats.json is not valid JSON: .* \(line 1, column 2\)\. Make a new one"),
            (b"\xff", "stats.json is not UTF-8 text. Make a new one"),
            (b"[]", "stats.json: it is no file of table sizes. Make a new one"),
            (None, "stats.json cannot be read: No such file or directory. Make a new one"),
        ],
    )
    def test_no_such_file_or_another(self, content: bytes | None, says: str, tmp_path: Path) -> None:
        path = tmp_path / "stats.json"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(StatsError, match=says):
            load(path)
