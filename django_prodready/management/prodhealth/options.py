"""The options of prodhealth, and which of them go together."""

from __future__ import annotations

import math
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from typing import Any

from django_prodready.management.prodhealth.state import UsageError

WATCH_S = 2.0  # more than READY_TTL has by default, so that each look asks anew
MAX_WATCH_S = 86_400.0

_SELECTING = ("probe", "group", "exclude")
_ASKING = ("header", "timeout", "token_env", "token_file", "cacert", "insecure", "unix_socket")


def add_arguments(parser: ArgumentParser) -> None:
    """Add prodhealth's own options to ``parser``."""
    add = parser.add_argument
    add("--format", choices=["text", "json"], default="text", help="What to print (default: text).")
    add("--probe", action="append", default=[], metavar="NAME", help="Ask this probe; may repeat.")
    add(
        "--group",
        action="append",
        default=[],
        metavar="NAME",
        help="Ask the probes of this group (default: ready, when no --probe is named); may repeat.",
    )
    add("--exclude", action="append", default=[], metavar="NAME", help="Leave this probe out; may repeat.")
    add(
        "--watch",
        nargs="?",
        type=_interval,
        const=WATCH_S,
        metavar="S",
        help=f"Look again every S seconds (default: {WATCH_S:g}) and print what changes, until Ctrl-C.",
    )
    drain = parser.add_mutually_exclusive_group()
    drain.add_argument("--drain", action="store_true", help="Create DRAIN_FILE: /ready/ answers 503.")
    drain.add_argument("--undrain", action="store_true", help="Remove DRAIN_FILE.")
    _add_asking(parser)


def _add_asking(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("asking a deployed endpoint instead of this process")
    add = group.add_argument
    add("--url", metavar="URL", help="The endpoint, say https://www.example.org/ready/.")
    add(
        "--header",
        action="append",
        default=[],
        metavar="'NAME: VALUE'",
        help="Send this header; may repeat. Host replaces the URL's, in TLS too.",
    )
    add("--timeout", metavar="S", help="Seconds for everything together (default: 1.5).")
    add("--token-env", metavar="NAME", help="Send the token that this environment variable holds.")
    add("--token-file", metavar="PATH", help="Send the token that this file holds.")
    add("--cacert", metavar="FILE", help="Trust the certificates in this file.")
    add("--insecure", action="store_true", help="Trust any certificate.")
    add("--unix-socket", metavar="PATH", help="Connect to this socket, whatever host the URL names.")


def refuse_stray_modifiers(options: Mapping[str, Any]) -> None:
    """Raise :class:`UsageError` for an option that says nothing in the mode that the others choose."""
    drain = "drain" if options["drain"] else "undrain" if options["undrain"] else None
    if drain is not None:
        for name in _given(options, *_SELECTING, "watch", "url"):
            raise UsageError(f"--{drain} goes with --format alone, not with --{name}.")
    if options["url"] is None:
        for name in _given(options, *_ASKING):
            raise UsageError(f"--{name.replace('_', '-')} goes with --url.")
    else:
        for name in _given(options, *_SELECTING):
            raise UsageError(f"--{name} asks probes of this process; with --url write ?{name}=NAME into it.")


def _given(options: Mapping[str, Any], *names: str) -> list[str]:
    return [name for name in names if options[name] not in (None, False, [])]


def asking(options: Mapping[str, Any]) -> dict[str, Any]:
    """Give what was said of how to ask the URL, by the argument names of ``probe.query.Query``."""
    given = {name: options[name] for name in _given(options, *_ASKING)}
    return {"headers": given.pop("header", []), **given}


def _interval(text: str) -> float:
    try:
        interval_s = float(text)
    except ValueError:
        interval_s = math.nan
    if not 0 < interval_s <= MAX_WATCH_S:
        raise ArgumentTypeError(f"it must be a number of seconds above 0, at most {MAX_WATCH_S:g}")
    return interval_s
