"""``--drain`` and ``--undrain``: DRAIN_FILE says by being there that this deployment is draining."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django_prodready.conf import get_config
from django_prodready.health import drain
from django_prodready.management.prodhealth.state import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What was done. ``path`` is absolute."""

    path: Path
    is_draining: bool
    is_new: bool  # False: it was so before


def begin() -> Change:
    """Create the file. It is empty, so nobody ever sees half of it. Raises :class:`UsageError`."""
    path = _configured()
    is_new = True
    try:
        path.touch(exist_ok=False)
    except FileExistsError:
        is_new = False
    except OSError as error:
        raise _failure("create", path, error) from error
    if not drain.is_draining():
        raise UsageError(f"{path} (PRODREADY['DRAIN_FILE']) is there, but is no file. Remove it.")
    return Change(path=path, is_draining=True, is_new=is_new)


def end() -> Change:
    """Remove the file if it is there. Raises :class:`UsageError`."""
    path = _configured()
    is_new = True
    try:
        path.unlink()
    except FileNotFoundError:
        is_new = False
    except OSError as error:
        raise _failure("remove", path, error) from error
    return Change(path=path, is_draining=False, is_new=is_new)


def _configured() -> Path:
    path = get_config().drain_file
    if path is None:
        raise UsageError(
            "PRODREADY['DRAIN_FILE'] is not set. Name a file there that this command and the server both see."
        )
    return path.absolute()


def _failure(verb: str, path: Path, error: OSError) -> UsageError:
    if not path.parent.is_dir():
        return UsageError(f"Cannot {verb} {path} (PRODREADY['DRAIN_FILE']): its folder does not exist.")
    reason = error.strerror or type(error).__name__
    return UsageError(f"Cannot {verb} {path} (PRODREADY['DRAIN_FILE']): {reason}.")
