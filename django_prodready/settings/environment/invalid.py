"""What a value parser raises: the rule that was broken, and never the value that broke it."""

from __future__ import annotations

__all__ = ["Invalid"]


class Invalid(Exception):  # noqa: N818 - says what a value is
    """A value breaks a rule. It is raised outside ``except`` blocks, so that no context holds the value."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule  # what was expected, a sentence fragment: "expected a whole number"
