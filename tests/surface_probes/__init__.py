"""Probes to configure by their path, for the tests of what carries their outcomes."""

import threading
from pathlib import Path

from django_prodready.health import Degraded, Probe, Skipped

SECRET = "hunter2 at postgres://reader@db.internal:5432/shop"


class Fine(Probe):
    """Is well; `runs` counts how often any was asked."""

    runs = 0

    def run(self):
        Fine.runs += 1


class Broken(Probe):
    """Is down, and says so with a secret."""

    def run(self):
        raise ConnectionRefusedError(SECRET)


class Weak(Probe):
    """Is degraded, and says so with a secret."""

    def run(self):
        raise Degraded(SECRET)


class Absent(Probe):
    """Has nothing to ask."""

    def run(self):
        raise Skipped(SECRET)


class Switched(Probe):
    """Is down while `is_down` is set."""

    is_down = threading.Event()

    def run(self):
        if self.is_down.is_set():
            raise ConnectionRefusedError(SECRET)


class Hanging(Probe):
    """Hangs until `go_on` is set; `is_entered` says that it does."""

    go_on = threading.Event()
    is_entered = threading.Event()

    def run(self):
        self.is_entered.set()
        self.go_on.wait(30)


def entry(kind, **more):
    """Return an entry of PROBES for one of the classes above."""
    return {"PROBE": f"surface_probes.{kind.__name__}", **more}


class Written(Probe):
    """Is how a file says: "ok", "degraded", "skipped", anything else is down. All but ok say a secret."""

    def __init__(self, path):
        self.path = Path(path)

    def run(self):
        said = self.path.read_text()
        if said == "degraded":
            raise Degraded(SECRET)
        if said == "skipped":
            raise Skipped(SECRET)
        if said != "ok":
            raise ConnectionRefusedError(SECRET)
