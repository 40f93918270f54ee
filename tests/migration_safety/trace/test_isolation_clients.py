"""Clients in C are refused, whether they are imported before or later. With stand-ins of the same names."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from django_prodready.migration_safety.trace.isolation_clients import Clients

STAND_INS = {
    "pyodbc": "def connect(text): return text\n",
    "pylibmc": "class Client:\n    def __init__(self, servers): self.servers = servers\n",
    "pycurl": "class Curl:\n    def __new__(cls, number=0): return super().__new__(cls)\n",
}


@pytest.fixture
def noted() -> list[str]:
    return []


@pytest.fixture
def clients(noted: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    for name, text in STAND_INS.items():
        (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    yield Clients(noted.append)
    for name in STAND_INS:
        sys.modules.pop(name, None)


@pytest.mark.parametrize("is_imported_before", [True, False])
def test_they_connect_until_it_is_closed(
    clients: Clients, noted: list[str], is_imported_before: bool
) -> None:
    before = [importlib.import_module(name) for name in STAND_INS] if is_imported_before else []
    clients.install()
    pyodbc, pylibmc, pycurl = before or [importlib.import_module(name) for name in STAND_INS]

    class Own(pylibmc.Client):  # type: ignore[name-defined,misc]
        pass

    assert pyodbc.connect("shop") == "shop"
    assert Own(["cache"]).servers == ["cache"]
    assert pycurl.Curl(1)
    clients.is_open = False
    makers: list[Any] = [lambda: pyodbc.connect("shop"), lambda: Own(["cache"]), pycurl.Curl]
    for make in makers:
        with pytest.raises(ConnectionRefusedError, match="is out of reach in a trace"):
            make()
    assert noted == [f"tried to connect by {name}" for name in STAND_INS]


def test_what_is_not_installed_is_not_found(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "pymssql", raising=False)
    monkeypatch.setattr(sys, "path", [])
    clients.install()
    with pytest.raises(ImportError):
        importlib.import_module("pymssql")
    assert clients.find_spec("json") is None
