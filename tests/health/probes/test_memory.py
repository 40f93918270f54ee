import re

import pytest

from django_prodready.health.probe import Degraded, Skipped
from django_prodready.health.probes import memory
from django_prodready.health.probes._memory_use import MemoryUse, memory_uses
from django_prodready.health.probes.memory import MemoryProbe, OutOfMemoryError

V1 = "4:memory:/docker/ab\n3:cpu,cpuacct:/docker/ab\n"
V2 = "0::/pod/web\n"
MEMINFO = "MemTotal:       1000 kB\nMemFree:  1 kB\nMemAvailable:    250 kB\nHugePages_Total:       0\n\n"


@pytest.fixture
def root(tmp_path):
    """Write files below a root of our own."""

    def write(files):
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def v2(folder, limit, used, inactive=0):
    return {
        f"sys/fs/cgroup{folder}/memory.max": f"{limit}\n",
        f"sys/fs/cgroup{folder}/memory.current": f"{used}\n",
        f"sys/fs/cgroup{folder}/memory.stat": f"anon 1\ninactive_file {inactive}\n",
    }


def v1(folder, limit, used, inactive=0):
    return {
        f"sys/fs/cgroup/memory{folder}/memory.limit_in_bytes": f"{limit}\n",
        f"sys/fs/cgroup/memory{folder}/memory.usage_in_bytes": f"{used}\n",
        f"sys/fs/cgroup/memory{folder}/memory.stat": f"inactive_file 7\ntotal_inactive_file {inactive}\n",
    }


def test_every_limit_of_version_2_from_the_process_upwards(root):
    files = {"proc/self/cgroup": V2, **v2("/pod/web", "max", 5), **v2("/pod", 1000, 700, 200)}
    assert list(memory_uses(root(files))) == [MemoryUse("cgroup", 500, 1000)]


def test_a_container_sees_its_own_cgroup_as_the_root(root):
    files = {"proc/self/cgroup": "0::/\n", **v2("", 1000, 900)}
    assert list(memory_uses(root(files))) == [MemoryUse("cgroup", 900, 1000)]


def test_version_1(root):
    files = {"proc/self/cgroup": V1, **v1("/docker/ab", 1000, 800, 300), **v1("", 9223372036854771712, 5000)}
    assert list(memory_uses(root(files))) == [MemoryUse("cgroup", 500, 1000)]


def test_a_path_of_the_host_is_not_there_in_a_container_of_version_1(root):
    files = {"proc/self/cgroup": V1, **v1("", 1000, 800)}
    assert list(memory_uses(root(files))) == [MemoryUse("cgroup", 800, 1000)]


def test_file_cache_never_makes_the_use_negative(root):
    files = {"proc/self/cgroup": V2, **v2("/pod", 1000, 100, 200)}
    assert [use.used_bytes for use in memory_uses(root(files))] == [0]


def test_a_limit_without_use_is_no_limit(root):
    files = {"proc/self/cgroup": V2, "sys/fs/cgroup/memory.max": "1000"}
    assert list(memory_uses(root(files))) == []


def test_a_limit_of_nothing_is_no_limit(root):
    assert list(memory_uses(root({"proc/self/cgroup": V2, **v2("/pod", 0, 0)}))) == []


def test_the_machine(root):
    uses = list(memory_uses(root({"proc/meminfo": MEMINFO})))
    assert uses == [MemoryUse("machine", 750 * 1024, 1000 * 1024)]
    assert uses[0].percent == 75


@pytest.mark.parametrize("text", ["MemTotal: 1000 kB\n", "MemAvailable: 1000 kB\n", "MemTotal: ? kB\n"])
def test_a_machine_that_tells_half_tells_nothing(root, text):
    assert list(memory_uses(root({"proc/meminfo": text}))) == []


@pytest.fixture
def say(root, monkeypatch):
    """Let the machine use 75 %, and the container as much as told."""

    def write(used):
        files = {"proc/meminfo": MEMINFO, "proc/self/cgroup": V2, **v2("/pod", 1000, used)}
        monkeypatch.setattr(memory, "_ROOT", root(files))

    return write


@pytest.mark.parametrize(
    ("used", "said"),
    [
        (849, None),
        (850, (Degraded, "85.0 % of the memory of the cgroup is in use.")),
        (950, (OutOfMemoryError, "95.0 % of the memory of the cgroup is in use.")),
    ],
)
def test_the_tightest_limit_counts(say, used, said):
    say(used)
    if said is None:
        MemoryProbe().run()
    else:
        with pytest.raises(said[0], match=f"^{re.escape(said[1])}$"):
            MemoryProbe().run()


def test_the_machine_may_be_the_tightest(say):
    say(10)
    with pytest.raises(Degraded, match=r"^75\.0 % of the memory of the machine is in use\.$"):
        MemoryProbe(warn_percent=70).run()


def test_a_system_that_tells_nothing_is_skipped(tmp_path, monkeypatch):
    monkeypatch.setattr(memory, "_ROOT", tmp_path)
    with pytest.raises(Skipped):
        MemoryProbe().run()


def test_this_machine_can_be_asked():
    try:
        MemoryProbe(warn_percent=100, max_percent=100).run()
    except Skipped:
        assert list(memory_uses(memory._ROOT)) == []


def test_wrong_options_are_named():
    with pytest.raises(ValueError, match=r"^max_percent must be a number above 0 and at most 100\.$"):
        MemoryProbe(max_percent=200)


def test_it_is_not_critical():
    assert not MemoryProbe.critical
