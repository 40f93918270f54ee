"""What is wrong with the environment: a line for each, as compilers write them, and JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

from django_prodready.management.prodsettings.env_check import Checked, Wrong
from django_prodready.reporting.terminal import Style, one_line

__all__ = ["as_json", "as_text"]

SCHEMA = 1


def as_text(checked: Checked, style: Style) -> str:
    """Return a line for each problem, and how many there are."""
    lines = [_line(wrong, checked, style) for wrong in checked.problems]
    count = len(lines)
    what = str(checked.file) if checked.file is not None else "the environment"
    if not lines:
        summary = f"No problem: {what} is all that {checked.settings_module} asks for."
    else:
        summary = f"{count} problem{'' if count == 1 else 's'} with {what}. No value is shown."
    return "".join(f"{line}\n" for line in [*lines, summary])


def as_json(checked: Checked) -> str:
    """Return the same for scripts."""
    return (
        json.dumps(
            {
                "schema": SCHEMA,
                "settings_module": checked.settings_module,
                "file": None if checked.file is None else str(checked.file),
                "problems": [dataclasses.asdict(wrong) for wrong in checked.problems],
            },
            indent=2,
        )
        + "\n"
    )


def _line(wrong: Wrong, checked: Checked, style: Style) -> str:
    return one_line(": ".join(_parts(wrong, checked))).replace(
        wrong.variable, style.bold(wrong.variable), 1 if wrong.variable else 0
    )


def _parts(wrong: Wrong, checked: Checked) -> Iterator[str]:
    if checked.file is not None:
        yield str(checked.file) if wrong.line is None else f"{checked.file}:{wrong.line}"
    if wrong.variable:
        yield wrong.variable
    example = f", for example {wrong.example}" if wrong.example else ""
    target = " of ".join(filter(None, [wrong.setting, wrong.mixin]))
    yield f"{wrong.rule}{example}" + (f" ({target})" if target else "")
