"""The options of prodsettings, and which of them go together."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django_prodready.management.prodsettings.env_template import PLATFORMS, STYLES
from django_prodready.management.prodsettings.errors import UsageError
from django_prodready.management.prodsettings.fingerprint import KEY_VARIABLE

LISTING = "settings"  # what is done when no other action is named
ACTIONS = ("env_template", "env_check", "secret_key", "cloudflare_ranges", "explain_client")

_MODIFIERS = {
    LISTING: ("names", "diff", "fingerprint", "fingerprint_key_file"),
    "env_template": ("style", "platform"),
    "cloudflare_ranges": ("check", "write", "from", "force"),
    "explain_client": ("remote_addr", "header"),
}
_WITHOUT_JSON = ("env_template", "secret_key")


def add_arguments(parser: ArgumentParser) -> None:
    """Add prodsettings' own options to ``parser``."""
    parser.add_argument(
        "--format", choices=["text", "json"], default="text", help="What to print (default: text)."
    )
    _add_listing(parser)
    _add_environment(parser)
    _add_ranges(parser)
    _add_client(parser)


def _add_listing(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("effective settings, and where each came from")
    group.add_argument("names", nargs="*", metavar="NAME", help="Only these settings (default: all).")
    group.add_argument("--diff", action="store_true", help="Only what differs from Django's defaults.")
    group.add_argument(
        "--fingerprint",
        action="store_true",
        help="Add a fingerprint of each secret under a key of yours, to compare two environments.",
    )
    group.add_argument(
        "--fingerprint-key-file",
        type=_file,
        metavar="FILE",
        help=f"Where that key is (default: the variable {KEY_VARIABLE}).",
    )


def _add_environment(parser: ArgumentParser) -> None:
    group = parser.add_argument_group("the environment that the class of settings reads")
    group.add_argument(
        "--env-template",
        action="store_true",
        help="Print a file to fill in: every variable, with its meaning.",
    )
    group.add_argument(
        "--style", choices=STYLES, help="What kind of file (default: the platform's, or dotenv)."
    )
    group.add_argument("--platform", choices=list(PLATFORMS), help="For which platform.")
    group.add_argument(
        "--env-check",
        nargs="?",
        type=_file,
        const=False,
        metavar="FILE",
        help="Say everything that is wrong with this environment, or with FILE in place of it.",
    )
    group.add_argument("--secret-key", action="store_true", help="Print a fresh SECRET_KEY.")


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
    """Return :data:`LISTING` or one of :data:`ACTIONS`. Raises :class:`UsageError`."""
    chosen = [action for action in ACTIONS if _is_chosen(options[action], action)]
    if len(chosen) > 1:
        raise UsageError(f"Say one of them: {' or '.join(map(_spelled, chosen))}.")
    action = chosen[0] if chosen else LISTING
    _refuse_stray_modifiers(action, options)
    _refuse_incomplete(options)
    return action


def _is_chosen(value: object, action: str) -> bool:
    """Whether the action is asked for: --env-check is False without a FILE, and None when it is absent."""
    return value is not None if action == "env_check" else bool(value)


def _refuse_stray_modifiers(action: str, options: Mapping[str, Any]) -> None:
    for other, modifiers in _MODIFIERS.items():
        for name in modifiers:
            if other != action and options[name] not in (None, False, []):
                raise UsageError(_stray(name, action, other))
    if action in _WITHOUT_JSON and options["format"] == "json":
        raise UsageError(f"--format json does not go with {_spelled(action)}.")


def _stray(name: str, action: str, other: str) -> str:
    if other != LISTING:
        return f"{_spelled(name)} goes with {_spelled(other)}."
    said = "the name of a setting" if name == "names" else _spelled(name)
    return f"{_spelled(action)} goes without {said}."


def _refuse_incomplete(options: Mapping[str, Any]) -> None:
    if options["fingerprint_key_file"] is not None and not options["fingerprint"]:
        raise UsageError("--fingerprint-key-file goes with --fingerprint.")
    if options["force"] and options["write"] is None:
        raise UsageError("--force goes with --write.")
    if options["explain_client"] and options["remote_addr"] is None:
        raise UsageError("--explain-client needs --remote-addr ADDRESS; unix: is a unix socket.")


def _spelled(name: str) -> str:
    return f"--{name.replace('_', '-')}"
