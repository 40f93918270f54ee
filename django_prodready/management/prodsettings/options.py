"""The options of prodsettings, and which of them go together."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django_prodready.management.prodsettings.errors import UsageError

ACTIONS = ("cloudflare_ranges", "explain_client")

_MODIFIERS = {
    "cloudflare_ranges": ("check", "write", "from", "force"),
    "explain_client": ("remote_addr", "header"),
}


def add_arguments(parser: ArgumentParser) -> None:
    """Add prodsettings' own options to ``parser``."""
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="What to print (default: text)."
    )
    _add_ranges(parser)
    _add_client(parser)


def _add_ranges(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("Cloudflare's ranges")
    group.add_argument(
        "--cloudflare-ranges",
        action="store_true",
        help="Compare the list in force, bundled or CLOUDFLARE_RANGES_FILE, with the published one.",
    )
    does = group.add_mutually_exclusive_group()
    does.add_argument("--check", action="store_true", help="Exit 1 when they differ.")
    does.add_argument("--write", type=_file, metavar="FILE", help="Write the published list to FILE.")
    group.add_argument(
        "--from",
        type=_file,
        metavar="FILE",
        help="Take FILE for the published list: ips-v4 and ips-v6 together, or the JSON of Cloudflare's API.",
    )
    group.add_argument(
        "--force",
        action="store_true",
        help="Write although more than half changes, or FILE is another file.",
    )


def _add_client(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("whom a request is from")
    group.add_argument(
        "--explain-client",
        action="store_true",
        help="Say hop by hop who is believed under the settings, and why.",
    )
    group.add_argument(
        "--remote-addr",
        nargs="?",
        const="",
        metavar="ADDRESS",
        help="Who opened the connection; unix: or nothing for a unix socket.",
    )
    group.add_argument(
        "--header",
        action="append",
        default=[],
        metavar="'NAME: VALUE'",
        help="A header that arrived; may repeat, the same name too.",
    )


def _file(path: str) -> Path:
    """Return the path. Raises :class:`ArgumentTypeError` for none, which ``Path`` takes for this folder."""
    if not path:
        raise ArgumentTypeError("name a file.")
    return Path(path)


def chosen_action(options: Mapping[str, Any]) -> str:
    """Return which of :data:`ACTIONS` it is. Raises :class:`UsageError`, for stray modifiers too."""
    chosen = [action for action in ACTIONS if options[action]]
    if len(chosen) != 1:
        either = "one of them" if chosen else "what to do"
        raise UsageError(f"Say {either}: {' or '.join(map(_spelled, ACTIONS))}.")
    for action in ACTIONS:
        for name in _MODIFIERS[action]:
            if action not in chosen and options[name] not in (None, False, []):
                raise UsageError(f"{_spelled(name)} goes with {_spelled(action)}.")
    if options["force"] and options["write"] is None:
        raise UsageError("--force goes with --write.")
    if options["explain_client"] and options["remote_addr"] is None:
        raise UsageError("--explain-client needs --remote-addr ADDRESS; unix: is a unix socket.")
    return chosen[0]


def _spelled(name: str) -> str:
    return f"--{name.replace('_', '-')}"
