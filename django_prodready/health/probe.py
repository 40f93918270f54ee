"""What a probe is: one run-time question to one component.

Subclass :class:`Probe` for a question of your own, and name it in ``PRODREADY["PROBES"]``.
"""

from __future__ import annotations

from typing import ClassVar


class Degraded(Exception):  # noqa: N818 - it is what a probe says, like StopIteration
    """Raise it from :meth:`Probe.run`: the component works, but not as it should.

    The message is shown to operators (``manage.py prodhealth``), never over HTTP.
    """


class Skipped(Exception):  # noqa: N818 - it is what a probe says
    """Raise it from :meth:`Probe.run`: there is nothing here that could fail, so nothing was proved."""


class Probe:
    """One question to one component. The constructor's keyword arguments are the entry's ``OPTIONS``.

    A constructor does no I/O and raises ``ValueError`` with a sentence that names the option (and never
    its value) when an option is wrong. One instance is made per process; ``run`` and ``close`` are called
    by one thread at a time, which is never the thread of a request.
    """

    critical: ClassVar[bool] = True  # whether the process is not ready without it; an entry's CRITICAL wins
    deadline_s: ClassVar[float] = 0.8  # how long an answer waits for it; an entry's DEADLINE wins

    def run(self) -> None:
        """Ask. Return to say ok; raise :class:`Degraded`, :class:`Skipped`, or anything else to say down.

        It may be abandoned, never killed: give every call inside a timeout of its own.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Let go of what ``run`` keeps for its next call, a connection say. Called after a burst of runs."""
