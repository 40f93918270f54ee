"""The files of the repository under audit: a bounded walk and cached reading, without a subprocess."""

from __future__ import annotations

import functools
import os
import re
from typing import TYPE_CHECKING

from django_prodready.audit.facts.other_programs import OtherPrograms

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["MAX_BYTES", "Files", "read_bytes", "relative_path"]

MAX_BYTES = 1024 * 1024  # a longer file is data, not something a person wrote
MAX_FILES = 20_000  # walked breadth first, so what is cut off lies deep
MAX_DEPTH = 16
MAX_FILES_PER_FOLDER = 1_000  # a fuller folder holds uploads or builds; its Python files still count

# Version control, caches, tools and dependencies: never the project's own text.
_SKIPPED = frozenset(
    {
        ".git", ".hg", ".svn", ".bzr", ".tox", ".nox", ".venv", ".direnv", ".eggs", ".hypothesis", ".idea",
        ".vscode", ".ipynb_checkpoints", ".terraform", ".serverless", ".gradle", ".next", ".nuxt", ".yarn",
        ".pnpm-store", ".npm", ".cargo", ".local", "__pycache__", "__pypackages__", "node_modules",
        "bower_components", "jspm_packages", "site-packages", "dist-packages",
    }
)  # fmt: skip
# Python that no request ever reaches.
_NOT_SERVED = re.compile(
    r"(?:^|/)(?:(?:docs?|examples?|tests?)/|(?:test_[^/]*|[^/]*_tests?|conftest|tests)\.py$)"
)
# Results of builds and uploads, unless the folder is a Python package that happens to have the name.
_SKIPPED_UNLESS_PACKAGE = frozenset(
    {
        "build", "dist", "htmlcov", "media", "mediafiles", "media_root", "static_root", "staticfiles",
        "static_collected", "static_cdn", "uploads",
    }
)  # fmt: skip


def relative_path(path: Path, root: Path) -> str:
    """Return ``path`` as reports show it: relative to ``root`` with forward slashes, else unchanged."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        pass
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return path.as_posix()


def read_bytes(path: Path) -> bytes | None:
    """Read a regular file of at most ``MAX_BYTES``; None for anything else, or when it cannot be read."""
    try:
        if not path.is_file() or path.stat().st_size > MAX_BYTES:
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None


class Files:
    """The project's files below ``root``, without dependencies, caches, build results and other programs.

    ``home`` is the folder of the manage.py that was called, when there is one.
    """

    def __init__(self, root: Path, *, home: Path | None = None) -> None:
        self.root = root
        self._home = home
        self._texts: dict[str, str | None] = {}

    @functools.cached_property
    def paths(self) -> tuple[str, ...]:
        """Every file, relative to the root with forward slashes, sorted; at most ``MAX_FILES``."""
        return tuple(sorted(_walk(self.root, OtherPrograms(self.root, home=self._home))))

    @functools.cached_property
    def python(self) -> tuple[str, ...]:
        """The paths that end in ``.py``."""
        return tuple(path for path in self.paths if path.endswith(".py"))

    @functools.cached_property
    def served(self) -> tuple[str, ...]:
        """The Python files that the running site may use: no tests, documentation or examples."""
        return tuple(path for path in self.python if not _NOT_SERVED.search(path))

    def read(self, path: str) -> str | None:
        """Return the text of a file, undecodable bytes replaced; None when absent, unreadable or too long."""
        if path not in self._texts:
            content = read_bytes(self.root / path)
            self._texts[path] = None if content is None else content.decode("utf-8-sig", "replace")
        return self._texts[path]

    def relative(self, path: Path) -> str:
        """Return ``path`` relative to the root with forward slashes, or unchanged when it lies outside."""
        return relative_path(path, self.root)

    def matching(self, *globs: str) -> tuple[str, ...]:
        """Return the paths that match any of ``globs``, in the order of ``paths``.

        A pattern without a slash is matched with the file's name in any folder (``Dockerfile*``);
        one with a slash with the whole path, where ``**`` stands for any number of folders.
        """
        patterns = [_pattern(glob) for glob in globs]
        return tuple(path for path in self.paths if any(pattern.fullmatch(path) for pattern in patterns))


def _walk(root: Path, others: OtherPrograms) -> Iterator[str]:
    folders = [("", 0)]
    count = 0
    for prefix, depth in folders:  # grows while it is walked
        below, names = _scan(root, prefix)
        if prefix and others.own(root / prefix, names):
            continue
        for name in names:
            if count == MAX_FILES:
                return
            count += 1
            yield prefix + name
        if depth < MAX_DEPTH:
            folders.extend((f"{prefix}{name}/", depth + 1) for name in below)


def _scan(root: Path, prefix: str) -> tuple[list[str], list[str]]:
    """Return the folders to walk and the files of one folder; links to folders are not followed."""
    folders: list[str] = []
    names: list[str] = []
    try:
        with os.scandir(root / prefix) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                elif entry.is_file():
                    names.append(entry.name)
    except OSError:
        return [], []
    if prefix and _is_foreign(prefix, names):
        return [], []
    if len(names) > MAX_FILES_PER_FOLDER:
        names = [name for name in names if name.endswith(".py")]
    return [name for name in folders if not _is_cache(name)], names


def _is_foreign(prefix: str, names: list[str]) -> bool:
    if "pyvenv.cfg" in names:
        return True
    folder = prefix.rstrip("/").rpartition("/")[2]
    return folder in _SKIPPED_UNLESS_PACKAGE and "__init__.py" not in names


def _is_cache(name: str) -> bool:
    return name in _SKIPPED or (name.startswith(".") and name.endswith("cache")) or name.endswith(".egg-info")


@functools.lru_cache(maxsize=256)
def _pattern(glob: str) -> re.Pattern[str]:
    whole = glob if "/" in glob else f"**/{glob}"
    parts = re.findall(r"\*\*/|\*+|\?|\[[^\]/]+\]|.", whole, re.DOTALL)
    expression = "".join(map(_translate, parts))
    return re.compile(expression, re.DOTALL)


def _translate(part: str) -> str:
    if part == "**/":
        return "(?:[^/]+/)*"
    if part[0] == "*":
        return ".*" if len(part) > 1 else "[^/]*"
    if part == "?":
        return "[^/]"
    if len(part) > 1:
        return part.replace("[!", "[^", 1)
    return re.escape(part)
