"""Other programs in the same repository: what a monorepo's neighbours do says nothing of this project.

A folder is another program's when it has a manage.py of its own, or names its dependencies, without
Django, beside what starts it. One that this process has loaded code from is the project's, whatever it holds.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator
from pathlib import Path

__all__ = ["OtherPrograms"]

_DEPENDENCIES = frozenset(
    {"Cargo.toml", "Gemfile", "Pipfile", "go.mod", "pyproject.toml", "requirements.txt", "setup.py"}
)
_STARTS = frozenset({"Containerfile", "Dockerfile", "Procfile", "app.py", "main.go", "main.py", "server.py"})
_DJANGO = re.compile(r"(?<![\w-])django(?!\w)", re.IGNORECASE)


class OtherPrograms:
    """Tells the folders below ``root`` that belong to other programs; ``home`` is that of our manage.py."""

    def __init__(self, root: Path, *, home: Path | None = None) -> None:
        self._own = tuple(_own_places(root, home))

    def own(self, folder: Path, names: Collection[str]) -> bool:
        """Whether ``folder``, which holds the files ``names``, is another program's."""
        return _is_program(folder, names) and not any(place.startswith(f"{folder}/") for place in self._own)


def _is_program(folder: Path, names: Collection[str]) -> bool:
    if "manage.py" in names:
        return True
    dependencies = _DEPENDENCIES.intersection(names)
    if not dependencies or _STARTS.isdisjoint(names):
        return False
    return not any(_DJANGO.search(_text(folder / name)) for name in dependencies)


def _own_places(root: Path, home: Path | None) -> Iterator[str]:
    """Yield what lies below ``root`` and is in use; each folder with a slash at its end."""
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    folders = [f"{place}/" for place in (home, *sys.path) if place]
    below = f"{root}/"
    yield from (place for place in (*folders, *files) if isinstance(place, str) and place.startswith(below))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
