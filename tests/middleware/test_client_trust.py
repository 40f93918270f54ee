"""Whom the settings in force trust, and what becomes of the file of ranges while a process runs."""

import logging
import os
import threading
import time

import pytest
from prodready_clients.asking import CLIENT, EDGE, STRANGER, by_wsgi

from django_prodready.middleware import client_trust
from django_prodready.middleware.client_trust import current_trust
from django_prodready.realip.address import parse
from django_prodready.realip.cloudflare_ranges import BUNDLED
from django_prodready.realip.roles import Role

LOGGER = "django_prodready.client"
FILE = "PRODREADY['CLOUDFLARE_RANGES_FILE']"
PATIENCE_S = 60
NEW_EDGE, NEW_RANGE = "8.8.8.8", "8.8.8.0/24"
GONE = "173.245.48.0/20"  # where EDGE is
CHANGED = [*(network for network in BUNDLED if network != GONE), NEW_RANGE]


@pytest.fixture
def told(caplog):
    """What our logger said, each line formatted."""
    caplog.set_level(logging.INFO, LOGGER)
    return lambda: [record.getMessage() for record in caplog.records if record.name == LOGGER]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ranges"
    path.write_text("\n".join(BUNDLED))
    return path


@pytest.fixture
def watched(addressed, monkeypatch, file):
    """Let the file be looked at all the time; a function that begins with it."""
    monkeypatch.setattr(client_trust, "LOOK_EVERY_S", 0.02)

    def begin():
        addressed({"CLOUDFLARE": True, "CLOUDFLARE_RANGES_FILE": file})
        current_trust()

    yield begin
    addressed({})
    wait_until(lambda: not watchers())  # a thread of old settings goes by itself


def watchers():
    return [thread for thread in threading.enumerate() if thread.name == "prodready-ranges"]


def replaced(file, networks):
    """Put another file in the place of this one, as `mv` and kubelet do."""
    other = file.with_name("other")
    other.write_text("\n".join(networks))
    other.replace(file)


def wait_until(what):
    deadline_s = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def is_edge(address):
    return current_trust().roles.of(parse(address)) is Role.EDGE


def looked_again(times=3):
    """Wait until the thread has looked at the file so many times more."""
    looks, original = [], client_trust._stamp

    def counted(path):
        looks.append(path)
        return original(path)

    client_trust._stamp = counted
    try:
        wait_until(lambda: len(looks) >= times)
    finally:
        client_trust._stamp = original


class TestSettings:
    def test_trust_is_made_once_for_each_setting(self, addressed):
        addressed({"CLOUDFLARE": True})
        first = current_trust()
        assert current_trust() is first
        addressed({"CLOUDFLARE": False})
        assert current_trust() is not first
        assert not current_trust().is_any

    def test_threads_that_ask_at_once_have_one_trust_and_one_watcher(self, addressed, watched, file):
        addressed({"CLOUDFLARE": True, "CLOUDFLARE_RANGES_FILE": file})
        asked = []
        with client_trust._lock:
            threads = [threading.Thread(target=lambda: asked.append(current_trust())) for _ in range(8)]
            for thread in threads:
                thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        assert len(asked) == 8
        assert len(set(map(id, asked))) == 1
        assert len(watchers()) == 1

    def test_the_file_is_nobodys_without_cloudflare(self, addressed, told, tmp_path):
        addressed({"CLOUDFLARE_RANGES_FILE": tmp_path / "missing"})
        assert not current_trust().is_any
        assert told() == []
        assert not watchers()

    def test_wrong_entries_are_told_by_key_and_index_and_trust_nobody(self, addressed, told, caplog):
        addressed(
            {
                "TRUSTED_PROXIES": ["10.0.0.2", "*", "s3cret.example.org", "10.9.8.7/16"],
                "CLOUDFLARED": ["0.0.0.0/0", "10.0.0.3"],
            }
        )
        assert by_wsgi(peer=STRANGER, headers={"X-Forwarded-For": CLIENT}).told["remote_addr"] == STRANGER
        assert by_wsgi(peer="10.9.8.7", headers={"X-Forwarded-For": CLIENT}).told["remote_addr"] == "10.9.8.7"
        assert by_wsgi(peer="10.0.0.2", headers={"X-Forwarded-For": CLIENT}).told["remote_addr"] == CLIENT
        wrong = [line.partition(" is not trusted: ")[0] for line in told() if "is not trusted" in line]
        assert wrong == [
            "PRODREADY['TRUSTED_PROXIES'][1]",
            "PRODREADY['TRUSTED_PROXIES'][2]",
            "PRODREADY['TRUSTED_PROXIES'][3]",
            "PRODREADY['CLOUDFLARED'][0]",
        ]
        assert "s3cret" not in caplog.text
        assert "10.9.8.7/16" not in caplog.text


class TestFile:
    def test_its_ranges_are_in_force_from_the_first_request_on(self, addressed, watched, file):
        replaced(file, CHANGED)
        watched()
        assert (is_edge(NEW_EDGE), is_edge(EDGE)) == (True, False)
        told = by_wsgi(peer=NEW_EDGE, headers={"CF-Connecting-IP": CLIENT}).told
        assert told["remote_addr"] == CLIENT

    def test_a_change_is_seen_and_what_was_removed_is_believed_no_more(self, watched, file, told):
        watched()
        assert (is_edge(NEW_EDGE), is_edge(EDGE)) == (False, True)
        replaced(file, CHANGED)
        wait_until(lambda: is_edge(NEW_EDGE))
        assert not is_edge(EDGE)
        assert told() == ["Cloudflare's ranges were read anew: 1 added, 1 removed."]

    def test_it_is_not_read_again_while_it_is_the_same(self, watched, file, monkeypatch):
        watched()
        reads = []
        monkeypatch.setattr(client_trust, "read_ranges", reads.append)
        looked_again()
        assert reads == []

    def test_no_request_ever_looks_at_it(self, watched, monkeypatch):
        watched()
        original, looks = client_trust._stamp, []

        def noted(path):
            looks.append(threading.current_thread().name)
            return original(path)

        monkeypatch.setattr(client_trust, "_stamp", noted)
        for _ in range(10):
            by_wsgi(peer=EDGE, headers={"CF-Connecting-IP": CLIENT})
        wait_until(lambda: looks)
        assert set(looks) == {"prodready-ranges"}

    @pytest.mark.parametrize(
        ("broken", "reason"),
        [
            ("", "it has 0 IPv4 networks"),
            ("0.0.0.0/0", "line 1: it is everybody"),
            ("\n".join(BUNDLED[:8]), "it has 8 IPv4 networks"),
            ("\xff", "it has"),
        ],
    )
    def test_a_broken_one_keeps_the_last_good_list_and_is_told_once(
        self, watched, file, told, broken, reason
    ):
        replaced(file, CHANGED)
        watched()
        replaced(file, [broken])
        wait_until(told)
        looked_again()
        assert (is_edge(NEW_EDGE), is_edge(EDGE)) == (True, False)
        (line,) = told()
        assert line.startswith(f"{FILE} is not used: ")
        assert (reason in line) or broken == "\xff"
        assert line.endswith(" The list read before stays in force.")
        replaced(file, BUNDLED)
        wait_until(lambda: is_edge(EDGE))
        assert told()[1:] == ["Cloudflare's ranges were read anew: 1 added, 1 removed."]

    def test_one_that_is_gone_keeps_the_last_good_list_and_is_told_once(self, watched, file, told):
        replaced(file, CHANGED)
        watched()
        file.unlink()
        wait_until(told)
        looked_again()
        assert is_edge(NEW_EDGE)
        assert told() == [
            f"{FILE} is not used: FileNotFoundError. The list read before stays in force.",
        ]

    def test_one_that_was_broken_from_the_start_leaves_the_bundled_list(self, watched, file, told):
        file.unlink()
        watched()
        assert is_edge(EDGE)
        assert told() == [f"{FILE} is not used: FileNotFoundError. The bundled list stays in force."]
        replaced(file, CHANGED)
        wait_until(lambda: is_edge(NEW_EDGE))
        assert not is_edge(EDGE)

    def test_one_that_cannot_be_read_for_a_while_is_told_once_and_read_later(
        self, watched, file, told, monkeypatch
    ):
        replaced(file, CHANGED)
        original = client_trust.read_ranges

        def refused(path):
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(client_trust, "read_ranges", refused)
        watched()
        looked_again()
        assert told() == [f"{FILE} is not used: PermissionError. The bundled list stays in force."]
        monkeypatch.setattr(client_trust, "read_ranges", original)
        wait_until(lambda: is_edge(NEW_EDGE))

    def test_a_path_that_no_file_can_have_leaves_the_bundled_list(self, watched, addressed, told):
        addressed({"CLOUDFLARE": True, "CLOUDFLARE_RANGES_FILE": "ran\0ges"})
        assert is_edge(EDGE)
        looked_again()
        assert len(told()) == 1
        assert told()[0].endswith("The bundled list stays in force.")

    def test_no_thread_looks_for_settings_that_are_no_longer_in_force(self, watched, addressed):
        watched()
        assert len(watchers()) == 1
        addressed({})
        wait_until(lambda: not watchers())

    def test_what_is_read_for_old_settings_is_not_taken(self, watched, file, addressed, monkeypatch):
        original, reading, go_on = client_trust.read_ranges, threading.Event(), threading.Event()

        def slow(path):
            reading.set()
            go_on.wait(PATIENCE_S)
            return original(path)

        watched()
        (thread,) = watchers()
        monkeypatch.setattr(client_trust, "read_ranges", slow)
        replaced(file, CHANGED)
        assert reading.wait(PATIENCE_S)
        addressed({"CLOUDFLARE": True})
        trust = current_trust()
        go_on.set()
        thread.join(PATIENCE_S)
        assert current_trust() is trust
        assert is_edge(EDGE)

    def test_where_no_thread_can_be_had_the_first_list_stays(self, watched, monkeypatch):
        def refused(self):
            raise RuntimeError("can't start new thread")

        monkeypatch.setattr(threading.Thread, "start", refused)
        watched()
        assert is_edge(EDGE)


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
class TestFork:
    """A preloading server loads the application, forks, and then gets its requests."""

    def test_a_child_knows_what_its_parent_knew_and_looks_on_by_itself(self, watched, file, monkeypatch):
        watched()
        assert self.in_child(lambda: self.sees_a_change(file, monkeypatch)) == 0

    def test_a_grandchild_does_too(self, watched, file, monkeypatch):
        watched()
        assert self.in_child(lambda: self.in_child(lambda: self.sees_a_change(file, monkeypatch)) == 0) == 0

    def test_a_child_with_other_settings_makes_its_own(self, watched, addressed):
        watched()

        def sees_its_own():
            addressed({"TRUSTED_PROXIES": ["10.0.0.2"]})
            return current_trust().roles.of(parse("10.0.0.2")) is Role.PROXY and not is_edge(EDGE)

        assert self.in_child(sees_its_own) == 0

    def test_a_lock_that_was_held_is_free(self, watched):
        watched()
        held, done = threading.Event(), threading.Event()

        def hold():
            with client_trust._lock:
                held.set()
                done.wait(PATIENCE_S)

        thread = threading.Thread(target=hold)
        thread.start()
        assert held.wait(PATIENCE_S)
        assert self.in_child(lambda: is_edge(EDGE)) == 0
        done.set()
        thread.join(PATIENCE_S)

    @staticmethod
    def sees_a_change(file, monkeypatch):
        """Know the parent's trust without looking at the file, then see that it has changed."""
        original = client_trust._stamp
        asking = threading.current_thread()
        looks = []

        def noted(path):
            looks.append(threading.current_thread())
            return original(path)

        monkeypatch.setattr(client_trust, "_stamp", noted)
        knew = is_edge(EDGE)
        replaced(file, CHANGED)
        wait_until(lambda: is_edge(NEW_EDGE))
        return knew and looks and asking not in looks

    @staticmethod
    def in_child(check):
        """Return 0 when what a child checks is so."""
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                code = 0 if check() else 1
            finally:
                os._exit(code)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_process_that_never_asked_forks_as_well(monkeypatch):
    monkeypatch.setattr(client_trust, "_known", None)
    monkeypatch.setattr(client_trust, "_inherited", None)
    monkeypatch.setattr(client_trust, "_lock", threading.Lock())
    client_trust._begin_anew()
    assert client_trust._known is None
    assert client_trust._inherited is None
