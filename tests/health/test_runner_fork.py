"""What a forked worker has of its parent's probes: nothing."""

import os

import pytest
from prodready_runner import run_python

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

IN_CHILD = """
def in_child(act):
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            act()
            sys.stdout.flush()
        finally:
            os._exit(0)
    end_s = time.monotonic() + 20
    while time.monotonic() < end_s:
        if os.waitpid(child, os.WNOHANG)[0]:
            return
        time.sleep(0.01)
    os.kill(child, 9)
    print("the child hung")
"""


def lines(program):
    done = run_python(IN_CHILD + program)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_a_child_of_a_stuck_parent_asks_for_itself():
    assert lines("""
probe = Stuck()
asked = {"thing": spec(probe, deadline_s=0.1)}
print(runner.collect(asked).checks)

def child():
    print(len(history.recent("thing")), runner.last_known(asked).outcomes, threading.active_count())
    probe.gate.set()
    print(runner.collect(asked).checks, len(threads_of("thing")) <= 1)

in_child(child)
print(runner.last_known(asked).checks, len(history.recent("thing")))
""") == [
        "{'thing': False}",
        "0 {} 1",
        "{'thing': True} True",
        "{'thing': False} 1",
    ]


def test_a_child_is_not_held_up_by_locks_that_were_held():
    assert lines("""
from django_prodready.health import transitions, probe_set
probe = Told()
asked = specs(thing=probe)
runner.collect(asked)
(lane,) = runner._lanes.values()
held = [lane._lock, history._history.lock, transitions._told.lock, probe_set._lock]

def hold():
    for lock in held:
        lock.acquire()
    is_held.set()
    time.sleep(30)

is_held = threading.Event()
threading.Thread(target=hold, daemon=True).start()
is_held.wait()

def child():
    print(runner.collect(asked).checks, len(history.recent("thing")))
    print(len(probe_set.get_probe_set()))

in_child(child)
""") == ["{'thing': True} 1", "1"]


def test_a_child_has_probes_of_its_own_and_closes_none_of_its_parents():
    assert lines("""
import gc
from django_prodready.health import probe_set

class Held(Told):
    def __del__(self):
        print("closed in", "parent" if os.getpid() == parent else "child")

parent = os.getpid()
def ask():
    runner.collect(specs(thing=Held()))
ask()
before = probe_set.get_probe_set()

def child():
    global before
    runner.collect(specs(other=Told()))
    gc.collect()
    print(probe_set.get_probe_set() is before)

in_child(child)
import atexit; atexit.register(lambda: os._exit(0) if not sys.stdout.flush() else None)
""") == ["False"]


def test_children_of_children_begin_anew_too():
    assert lines("""
asked = specs(thing=Told())
runner.collect(asked)

def grandchild():
    print(runner.last_known(asked).outcomes, runner.collect(asked).checks)

def child():
    runner.collect(asked)
    in_child(grandchild)

in_child(child)
""") == ["{} {'thing': True}"]


def test_a_probe_that_forks_is_told_of_once():
    assert lines("""
def fork():
    child = os.fork()
    if child == 0:
        return
    os.waitpid(child, 0)

runner.collect({"thing": spec(Told(fork), deadline_s=0.8)})
print(len(history.recent("thing")))
""") == ["1"]
