"""Help for the tests of a project that uses django_prodready.

:class:`override_probes` says what ``/ready/`` finds, so that a test needs no database server, cache or
broker::

    from django.test import SimpleTestCase
    from django_prodready.health import Degraded
    from django_prodready.testing import override_probes


    class ReadinessTests(SimpleTestCase):
        @override_probes(database=True, cache=False)
        def test_not_ready_without_the_cache(self):
            answer = self.client.get("/ready/")

            self.assertEqual(answer.status_code, 503)
            self.assertEqual(answer.json()["checks"], {"database": True, "cache": False})

        def test_slow_search_takes_traffic(self):
            with override_probes(database=True, search=Degraded("slow")):
                self.assertEqual(self.client.get("/ready/").json()["degraded"], ["search"])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from unittest import mock

from django.core.signals import setting_changed
from django.test.utils import TestContextDecorator

from django_prodready.health import Probe, probe_set

__all__ = ["ProbeDown", "StandIn", "override_probes"]

Says = bool | BaseException | type[BaseException] | Probe | type[Probe] | Callable[[], object]


class ProbeDown(Exception):  # noqa: N818 - it is what a probe says
    """What a probe raises for which ``override_probes`` says False."""


class StandIn(Probe):
    """A probe that says what a test wants."""

    def __init__(self, says: Says) -> None:
        self._says = says() if isinstance(says, type) and issubclass(says, Probe) else says

    def run(self) -> None:
        """Say it."""
        says = self._says
        if isinstance(says, Probe):
            says.run()
        elif isinstance(says, BaseException):
            # Or each run would add its frames to the one traceback.
            raise says.with_traceback(None)
        elif isinstance(says, type):
            raise says
        elif (says() if callable(says) else says) is False:
            raise ProbeDown

    def close(self) -> None:
        """Let the probe that it stands for let go."""
        if isinstance(self._says, Probe):
            self._says.close()


class override_probes(TestContextDecorator):  # noqa: N801 - it is used like Django's override_settings
    """Replace all probes of this process by the ones named here, for the length of a block or a test.

    It is a context manager and a decorator: of functions, of ``async`` functions, and of subclasses of
    ``unittest.TestCase``, where each test has it from before its ``setUp`` until its last cleanup. A name
    that is no Python identifier goes into the mapping: ``override_probes({"search-eu": False})``.

    A probe's value is one of:

    - ``True`` for ok, ``False`` for down;
    - an exception, or a class of one: ``Degraded("slow")`` says degraded, ``Skipped`` skipped, any other
      down;
    - a ``Probe``, or a class of one that needs no options, which is run;
    - a callable without arguments, which is run: it raises as a probe does, or returns False to say down.

    *All* probes are replaced, also those that were detected: nothing here reaches a real service, and
    ``override_probes()`` leaves no probe at all. Blocks may be nested; the innermost holds. It holds in
    every thread, so a live server sees it too, and whatever settings a test overrides within it.

    A name that the project has keeps its ``CRITICAL``, ``DEADLINE`` and ``GROUPS``; any other has what its
    probe's class says, and is critical unless that says otherwise.

    The probes run as in production: each in a thread of its own, under deadline and ``READY_BUDGET``, and an
    outcome is reused for ``READY_TTL``. No outcome outlives the block or reaches into it. Because of the
    threads, a probe that asks the database sees nothing of the transaction around a ``TestCase``: use
    ``TransactionTestCase`` for what it must see. ``/startup/`` asks no probe, and is left as it is.

    Raises:
        TypeError: a value is none of these.
    """

    def __init__(self, probes: Mapping[str, Says] | None = None, /, **more: Says) -> None:
        super().__init__()
        self._probes = {**(probes or {}), **more}
        for name, says in self._probes.items():
            if not _is_sayable(says):
                raise TypeError(
                    f"The probe {name!r} is overridden by an object of type {type(says).__name__}. Give it "
                    "True, False, an exception, a Probe or a callable."
                )
        self._patches: list[Any] = []

    def enable(self) -> None:
        """Begin to replace."""
        entries = {name: _entry(name, says) for name, says in self._probes.items()}
        patch = mock.patch.object(probe_set, "entries", return_value=entries)
        patch.__enter__()
        self._patches.append(patch)
        _forget_probes()

    def disable(self) -> None:
        """End what was begun last."""
        self._patches.pop().__exit__(None, None, None)
        _forget_probes()


def _is_sayable(says: object) -> bool:
    if isinstance(says, type):
        return issubclass(says, BaseException | Probe)
    return isinstance(says, bool | BaseException | Probe) or callable(says)


def _entry(name: str, says: Says) -> dict[str, Any]:
    """Return what would stand in ``PRODREADY["PROBES"]``."""
    entry = {"PROBE": f"{__name__}.{StandIn.__name__}", "OPTIONS": {"says": says}}
    configured = probe_set.get_probe_set().get(name)
    if configured is not None:
        return entry | {
            "CRITICAL": configured.critical,
            "DEADLINE": configured.deadline_s,
            "GROUPS": configured.groups,
        }
    declared = _declared(name, says)
    return entry | {"CRITICAL": declared.critical, "DEADLINE": declared.deadline_s}


def _declared(name: str, says: Says) -> Probe | type[Probe]:
    """Return what says how critical a probe is that the project does not have."""
    if isinstance(says, Probe) or (isinstance(says, type) and issubclass(says, Probe)):
        return says
    path = probe_set.BUILT_IN.get(name)
    return Probe if path is None else probe_set.load_class(path)


def _forget_probes() -> None:
    """Have the set made anew, as after any other change of settings in a test."""
    setting_changed.send(sender=override_probes, setting="PRODREADY", value=None, enter=True)
