"""Out of reach for the rest of the process: the network, other programs, waiting.

Audit hooks see every connection that Python makes, whoever makes it, and cannot be taken out again:
https://docs.python.org/3/library/sys.html#sys.addaudithook. What is attempted is refused at once with the
error that code expects there, and noted in words. Connections that libraries make in C go unseen here: see
:mod:`~django_prodready.migration_safety.trace.isolation_drivers` and
:mod:`~django_prodready.migration_safety.trace.isolation_clients`.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import socket
import stat
import sys
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from django_prodready.migration_safety.trace.refusals import REFUSALS

__all__ = ["Guards"]

Handler = Callable[..., None]

# What waits between two attempts would wait in vain.
_LONGEST_SLEEP_S = 0.01
_IP = (socket.AF_INET, getattr(socket, "AF_INET6", socket.AF_INET))


class Guards:
    """What is refused, and what was attempted. Refuses nothing until told to."""

    def __init__(self, note: Callable[[str], object], hosts: Collection[str] = ()) -> None:
        """``note`` gets each attempt in words, once a migration; the names of ``hosts`` may be looked up."""
        self.attempts: dict[str, None] = {}  # in order
        self._note = note
        self._hosts = frozenset(hosts)
        self._handlers: dict[str, Handler] = {}
        self._sockets_before: frozenset[int] = frozenset()

    def install(self) -> None:
        """Begin to listen. Modules imported from now on get the functions that are guarded."""
        self._sockets_before = frozenset(_open_sockets())
        original = time.sleep

        def sleep(seconds: Any, /) -> None:
            original(min(seconds, _LONGEST_SLEEP_S) if self._handlers else seconds)

        time.sleep = sleep
        sys.addaudithook(self.hear)

    def shut_network(self) -> None:
        """Refuse connections from now on, and end those that were made since ``install``."""
        for number in frozenset(_open_sockets()) - self._sockets_before:
            _end(number)
        self._handlers |= {
            "socket.connect": self._connect,
            "socket.sendto": self._connect,
            "socket.sendmsg": self._connect,
            "socket.getaddrinfo": self._look_up,
            "socket.gethostbyname": self._look_up,
            "socket.gethostbyaddr": self._look_up_quietly,
            "socket.getnameinfo": self._look_up_quietly,
        }

    def shut_programs(self) -> None:
        """Refuse to start other programs from now on; a fork of this one is as confined as this one."""
        self._handlers |= {
            "subprocess.Popen": self._start,
            "os.exec": self._start,
            "os.posix_spawn": self._start,
            "os.spawn": self._spawn,
            "os.startfile": self._start,
            "os.system": self._start_shell,
        }
        # By which multiprocessing starts interpreters anew, without an audit event.
        with contextlib.suppress(ImportError):
            import _posixsubprocess

            vars(_posixsubprocess)["fork_exec"] = self._fork_exec

    def hear(self, event: str, args: tuple[Any, ...]) -> None:
        """Refuse what an audit event announces."""
        handler = self._handlers.get(event)
        if handler is not None:
            handler(*args)

    def attempt(self, words: str) -> None:
        """Note an attempt."""
        self.attempts[words] = None
        if REFUSALS.add(words):
            self._note(words)

    def _connect(self, sock: socket.socket, address: Any = None, *_: Any) -> None:
        if address is None:  # sent to whom it is connected to
            return
        where = _where(sock, address)
        self.attempt(f"tried to reach {where}")
        raise ConnectionRefusedError(errno.ECONNREFUSED, f"{where} is out of reach in a trace")

    def _look_up(self, host: Any, port: Any = None, *_: Any) -> None:
        name = _text(host)
        if not name or _is_address(name) or name in self._hosts:
            return
        self.attempt(f"tried to reach {name}:{_text(port)}" if port else f"tried to reach {name}")
        raise socket.gaierror(socket.EAI_NONAME, f"{name} is out of reach in a trace")

    def _look_up_quietly(self, *_: Any) -> None:
        # Mail asks for the name of this machine.
        raise socket.gaierror(socket.EAI_NONAME, "names are out of reach in a trace")

    def _start(self, program: Any, args: Any = None, *_: Any) -> None:
        words = [_text(word) for word in args] if isinstance(args, list | tuple) else []
        self._refuse_program(
            words[2] if words[1:2] == ["-c"] else _text(program), is_shell=words[1:2] == ["-c"]
        )

    def _spawn(self, _mode: Any, program: Any, *_: Any) -> None:
        self._refuse_program(_text(program))

    def _start_shell(self, command: Any) -> None:
        self._refuse_program(_text(command), is_shell=True)

    def _fork_exec(self, _args: Any, executables: Any, *_: Any) -> None:
        self._refuse_program(_text(next(iter(executables), "")))

    def _refuse_program(self, text: str, *, is_shell: bool = False) -> None:
        """Refuse, and name the program alone: passwords stand in arguments."""
        words = (word for word in text.split() if "=" not in word) if is_shell else iter([text])
        name = Path(next(words, "a shell")).name
        self.attempt(f"tried to start the program {name}")
        raise PermissionError(errno.EACCES, f"The program {name} is not started in a trace")


def _where(sock: socket.socket, address: Any) -> str:
    if sock.family in _IP and isinstance(address, tuple):
        host = _text(address[0])
        return f"[{host}]:{address[1]}" if ":" in host else f"{host}:{address[1]}"
    return f"the socket {_text(address)}" if isinstance(address, str | bytes) else "a socket"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _text(value: Any) -> str:
    if value is None:
        return ""
    return os.fsdecode(value) if isinstance(value, bytes | os.PathLike) else str(value)


def _open_sockets() -> Iterator[int]:
    """Yield the descriptors of this process that are sockets; none where the system does not list them."""
    folder = "/proc/self/fd" if Path("/proc/self/fd").is_dir() else "/dev/fd"
    with contextlib.suppress(OSError):
        yield from _sockets(int(name) for name in os.listdir(folder) if name.isdigit())  # noqa: PTH208 - numbers


def _sockets(numbers: Iterable[int]) -> Iterator[int]:
    for number in numbers:
        with contextlib.suppress(OSError):  # the one that listed them is closed by now
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                yield number


def _end(number: int) -> None:
    """End a connection; not a pair of sockets, by which threads of this process wake each other."""
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(number)) as sock:
        if sock.getpeername():
            sock.shutdown(socket.SHUT_RDWR)
