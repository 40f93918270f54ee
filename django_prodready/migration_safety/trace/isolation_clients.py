"""Clients that connect in C, where no audit hook sees them: refused as soon as they are imported."""

from __future__ import annotations

import errno
import functools
import sys
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

__all__ = ["Clients"]

# What connects, by module.
_CLIENTS = {
    "MySQLdb": ("connect", "Connect", "Connection"),
    "confluent_kafka": ("Consumer", "Producer"),
    "grpc": ("insecure_channel", "secure_channel"),
    "grpc.aio": ("insecure_channel", "secure_channel"),
    "oracledb": ("connect", "connect_async", "create_pool", "create_pool_async"),
    "pycurl": ("Curl", "CurlMulti"),
    "pylibmc": ("Client",),
    "pymssql": ("connect",),
    "pyodbc": ("connect",),
    # Event loops in C.
    "uvloop": ("Loop", "new_event_loop"),
}


class Clients:
    """A finder of modules that guards those of interest. Refuses nothing while it is open."""

    def __init__(self, attempt: Callable[[str], object]) -> None:
        """``attempt`` gets what was refused, in words."""
        self.is_open = True
        self._attempt = attempt

    def install(self) -> None:
        """Guard what is imported already, and what will be."""
        for name in _CLIENTS.keys() & sys.modules.keys():
            self._guard(sys.modules[name])
        sys.meta_path.insert(0, self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module of interest by the other finders, and have it guarded once it is loaded."""
        if name not in _CLIENTS:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        found = (finder.find_spec(name, path, target) for finder in others)
        spec = next((spec for spec in found if spec is not None), None)
        loader: Any = spec.loader if spec is not None else None
        if loader is not None:
            load = loader.exec_module

            def load_guarded(module: ModuleType) -> None:
                load(module)
                self._guard(module)

            loader.exec_module = load_guarded
        return spec

    def _guard(self, module: ModuleType) -> None:
        for name in _CLIENTS[module.__name__]:
            original = vars(module).get(name)
            if isinstance(original, type):
                setattr(module, name, self._guarded_class(original, module.__name__))
            elif original is not None:
                setattr(module, name, self._guarded(original, module.__name__))

    def _guarded(self, original: Callable[..., Any], client: str) -> Callable[..., Any]:
        @functools.wraps(original)
        def guarded(*args: Any, **named: Any) -> Any:
            self._check(client)
            return original(*args, **named)

        return guarded

    def _guarded_class(self, original: type, client: str) -> type:
        """Derive a class, so that the project's may derive from it as before."""

        def make(kind: type, *args: Any, **named: Any) -> Any:
            self._check(client)
            maker: Any = original.__new__
            return maker(kind) if maker is object.__new__ else maker(kind, *args, **named)

        return type(original.__name__, (original,), {"__new__": make, "__module__": original.__module__})

    def _check(self, client: str) -> None:
        if self.is_open:
            return
        self._attempt(f"tried to connect by {client}")
        raise ConnectionRefusedError(errno.ECONNREFUSED, f"{client} is out of reach in a trace")
