"""The error that malformed configuration of ours ends with."""

from __future__ import annotations


class ConfigurationError(Exception):
    """What must be changed in the project's own files before a run can mean anything.

    ``problems`` holds one sentence per problem; the message holds them all, one a line, so that a
    file is repaired in one go.
    """

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
