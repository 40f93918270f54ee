"""The house rules that no linter knows: coverage exclusions, module sizes, paths of one machine.

Run from anywhere: ``python tests/tools/house_rules.py``. Prints each breach and exits 1 when there is one.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from coverage import Coverage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "django_prodready"
MAX_LINES = 300
MAX_EXCLUDED_SHARE = 0.01

PRAGMA = re.compile(r"#\s*pragma:\s*no\s+(?:cover|branch)\b(?P<rest>.*)", re.IGNORECASE)
EXCLUDING_KEYS = ("exclude_lines", "exclude_also", "partial_branches", "partial_also")
REASON = re.compile(r" - \S.{3,}")
# Left of it must stand no part of a longer path or address: https://example.org/work/ is fine.
MACHINE_PATH = re.compile(
    r"(?<![\w./*-])/(?:root|work)/\w|(?<![\w./*-])/(?:Users|home)/(?!app\b|user\b)\w|\b[A-Z]:\\Users\\"
)
# Projects under audit name the paths of their own machines.
MAY_NAME_PATHS = ("tests/projects/",)


def main() -> int:
    """Print every breach, worst news last, and return the exit code."""
    breaches = [*long_modules(ROOT), *machine_paths(ROOT), *exclusions_without_reason(ROOT)]
    excluded, statements = count_exclusions(ROOT)
    share = excluded / statements
    if share > MAX_EXCLUDED_SHARE:
        breaches.append(
            f"{share:.2%} of the statements are excluded from coverage, over {MAX_EXCLUDED_SHARE:.0%}."
        )
    for breach in breaches:
        print(breach)
    print(f"house rules: {excluded} of {statements} statements excluded from coverage ({share:.2%}).")
    print(f"house rules: {len(breaches)} breaches." if breaches else "house rules: all kept.")
    return 1 if breaches else 0


def long_modules(root: Path) -> Iterator[str]:
    """Yield a breach for each module of the package that is longer than MAX_LINES."""
    for path in modules(root):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > MAX_LINES:
            yield f"{path.relative_to(root)}: {lines} lines; a module has at most {MAX_LINES}."


def machine_paths(root: Path) -> Iterator[str]:
    """Yield a breach for each line of a project file that names a path of one machine."""
    for name in project_files(root):
        if name.startswith(MAY_NAME_PATHS):
            continue
        for number, line in numbered_lines(root / name):
            if MACHINE_PATH.search(line):
                yield f"{name}:{number}: names a path of one machine: {line.strip()}"


def exclusions_without_reason(root: Path) -> Iterator[str]:
    """Yield a breach for each coverage pragma that does not say why, after " - "."""
    for path in modules(root):
        for number, line in numbered_lines(path):
            pragma = PRAGMA.search(line)
            if pragma and not REASON.match(pragma["rest"]):
                yield f"{path.relative_to(root)}:{number}: write the reason: # pragma: no cover - why"


def count_exclusions(root: Path) -> tuple[int, int]:
    """Count the statements that we exclude by hand, and all statements, of the package.

    ``if TYPE_CHECKING:`` and bodies of ``...`` alone never run by their nature and are not counted.
    """
    coverage = Coverage(data_file=None, config_file=str(root / "pyproject.toml"))
    coverage.clear_exclude()
    for pattern in (PRAGMA.pattern.replace("(?P<rest>.*)", ""), *configured_exclusions(root)):
        coverage.exclude(f"(?i:{pattern})")
    excluded = statements = 0
    for path in modules(root):
        _, run, not_run, _, _ = coverage.analysis2(str(path))
        excluded += len(not_run)
        statements += len(run) + len(not_run)
    coverage.get_data().close(force=True)
    return excluded, statements


def configured_exclusions(root: Path) -> list[str]:
    """The patterns of pyproject.toml, without those for type checkers."""
    with (root / "pyproject.toml").open("rb") as stream:
        report = tomllib.load(stream)["tool"]["coverage"]["report"]
    patterns = [pattern for key in EXCLUDING_KEYS for pattern in report.get(key, [])]
    return [pattern for pattern in patterns if "TYPE_CHECKING" not in pattern]


def modules(root: Path) -> list[Path]:
    """The package's Python files, sorted."""
    return sorted((root / PACKAGE).rglob("*.py"))


def project_files(root: Path) -> Iterable[str]:
    """Every file that git keeps, or would keep at the next ``git add``."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split("\0")
    return [name for name in names if name and (root / name).is_file()]


def numbered_lines(path: Path) -> list[tuple[int, str]]:
    """The lines of a text file, counted from 1; none of a binary file."""
    try:
        return list(enumerate(path.read_text(encoding="utf-8").splitlines(), start=1))
    except UnicodeDecodeError:
        return []


if __name__ == "__main__":
    sys.exit(main())
