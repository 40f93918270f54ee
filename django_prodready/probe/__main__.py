"""The command line of the exec probes. It ends with 0 or 1, never with 2, which Docker reserves.

https://docs.docker.com/reference/dockerfile/#healthcheck
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from django_prodready.probe.client import ask, judge
from django_prodready.probe.query import ProbeError, Query, UsageError

USAGE = """\
usage: python -m django_prodready.probe http URL [OPTIONS]

Exit 0 when URL answers 2xx within the timeout, and 1 in every other case.
A redirect is not fit: it says nothing of what stands at its end.

  --header 'NAME: VALUE'  send this header; may repeat. Host replaces the URL's, in TLS too
  --timeout S             seconds for everything together, name lookup included (default: 1.5)
  --token-env NAME        send the token that this environment variable holds
  --token-file PATH       send the token that this file holds
  --cacert FILE           trust the certificates in this file (https)
  --insecure              trust any certificate, as kubelet does (https)
  --unix-socket PATH      connect to this socket, whatever host the URL names
"""
HELP = ("-h", "--help", "help")
FIT, UNFIT = 0, 1

_WITH_VALUE = ("--timeout", "--token-env", "--token-file", "--cacert", "--unix-socket")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the probe that ``argv`` names, say in one line how it ended, and return 0 or 1."""
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except UsageError as error:
        return _fail(f"usage error: {error}\n")
    except ProbeError as error:
        return _fail(f"not fit: {error}\n")
    except KeyboardInterrupt:
        return _fail("not fit: interrupted\n")
    except Exception as error:  # noqa: BLE001 - nothing may end with another exit code, or show a value
        return _fail(f"not fit: the probe itself failed with {type(error).__name__}\n")


def _run(arguments: list[str]) -> int:
    if not arguments:
        return _fail(USAGE)
    if arguments[0] in HELP or "-h" in arguments or "--help" in arguments:
        return _say(USAGE)
    if arguments[0] != "http":
        raise UsageError("the first argument names the probe: http. See --help.")
    query = _query(arguments[1:])
    return _say(f"fit: {judge(query, ask(query))}\n")


def _query(arguments: list[str]) -> Query:
    options: dict[str, str] = {}
    headers: list[str] = []
    urls: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        name, is_joined, value = argument.partition("=")
        if not argument.startswith("-"):
            urls.append(argument)
        elif name == "--header":
            headers.append(value if is_joined else _next(name, rest))
        elif name in _WITH_VALUE:
            options[name[2:].replace("-", "_")] = value if is_joined else _next(name, rest)
        elif argument != "--insecure":
            raise UsageError(f"there is no option {name}. See --help.")
    if len(urls) != 1:
        raise UsageError(f"name one URL, not {len(urls)}. See --help.")
    return Query(urls[0], headers=headers, insecure="--insecure" in arguments, **options)


def _next(name: str, rest: Iterator[str]) -> str:
    value = next(rest, None)
    if value is None:
        raise UsageError(f"{name} needs a value. See --help.")
    return value


def _say(text: str) -> int:
    if sys.stdout is not None:
        _write(1, text)
    return FIT


def _fail(text: str) -> int:
    if sys.stderr is not None:
        _write(2, text)
    return UNFIT


def _write(descriptor: int, text: str) -> None:
    """Write past Python's buffers: what those cannot flush when it ends makes exit code 120."""
    try:
        os.write(descriptor, text.encode("ascii", "backslashreplace"))
    except OSError:
        return  # nobody reads, or the disk is full: the exit code says it all


if __name__ == "__main__":
    sys.exit(main())
