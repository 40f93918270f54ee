"""Read what a case says of itself: its verdict and categories, out of the module's docstring."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parent / "cases"
CATEGORIES = ("blocking", "bulk_write", "incompatible", "fails", "destructive")
FORM = re.compile(
    r"(?P<title>\S[^\n]*)\n\n"
    r"verdict: (?P<verdict>safe|unsafe)\n"
    r"(?:categories: (?P<categories>[a-z_]+(?:, [a-z_]+)*)\n)?"
    r"reason: (?P<reason>\S.*)",
    re.DOTALL,
)


class LabelError(Exception):
    """A docstring is not a label; the message says of which case and why."""


@dataclass(frozen=True)
class Label:
    """The judgement on the last migration of a case."""

    title: str
    verdict: str
    categories: frozenset[str]
    reason: str


@dataclass(frozen=True)
class Case:
    """One case: its app's label is the file's stem, its group the folder."""

    path: Path
    source: str
    tree: ast.Module

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def group(self) -> str:
        return self.path.parent.name

    @property
    def label(self) -> Label:
        """The label; LabelError when the docstring is none."""
        return parse_label(self.name, ast.get_docstring(self.tree) or "")


def read_case(path: Path) -> Case:
    """Parse one file; SyntaxError when it is not Python."""
    source = path.read_text()
    return Case(path, source, ast.parse(source, filename=str(path)))


def find_cases(names: list[str] | None = None) -> list[Case]:
    """Return the cases by name, all when none is named; LookupError for one that is not there."""
    paths = {path.stem: path for path in sorted(CASES.glob("*/*.py")) if path.stem != "__init__"}
    unknown = sorted(set(names or ()) - set(paths))
    if unknown:
        raise LookupError(f"No such case under {CASES.name}/: {', '.join(unknown)}.")
    return [read_case(paths[name]) for name in names or sorted(paths)]


def parse_label(name: str, docstring: str) -> Label:
    """Return the label that the docstring holds; LabelError names the case and what is wrong."""
    found = FORM.fullmatch(docstring.strip())
    if found is None:
        raise LabelError(f"{name}: the docstring is not: title, empty line, verdict, categories, reason.")
    named = found["categories"].split(", ") if found["categories"] else []
    unknown = sorted(set(named) - set(CATEGORIES))
    if unknown:
        raise LabelError(f"{name}: {', '.join(unknown)} is none of {', '.join(CATEGORIES)}.")
    if len(set(named)) != len(named):
        raise LabelError(f"{name}: a category is named twice.")
    if (found["verdict"] == "unsafe") != bool(named):
        raise LabelError(f"{name}: unsafe goes with at least one category, safe with none.")
    return Label(found["title"], found["verdict"], frozenset(named), " ".join(found["reason"].split()))
