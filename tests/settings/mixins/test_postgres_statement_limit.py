"""The clock over statements, with connections that only note what is asked of them."""

import threading
import time
from types import SimpleNamespace

import pytest

from django_prodready import statement_limit
from django_prodready.statement_limit import _Limit, _Watch, limit_statements

PATIENCE_S = 10


class Connection:
    """A connection of psycopg 3 whose statement ends when it is cancelled."""

    def __init__(self, *, fails=0, takes_s=0.0):
        self.fails, self.takes_s = fails, takes_s
        self.asked = 0
        self.is_cancelled = threading.Event()
        self.is_cancel_over = threading.Event()

    def cancel_safe(self, *, timeout):
        assert timeout > 0
        self.asked += 1
        if self.asked <= self.fails:
            raise OSError("secret-host is away")
        self.is_cancelled.set()
        time.sleep(self.takes_s)
        self.is_cancel_over.set()


class OldConnection:
    """One of psycopg2."""

    def __init__(self):
        self.is_cancelled = threading.Event()

    def cancel(self):
        self.is_cancelled.set()


@pytest.fixture
def watch():
    return _Watch()


def wrapper(vendor="postgresql", **settings):
    return SimpleNamespace(vendor=vendor, settings_dict=settings, execute_wrappers=["of the project"])


class TestReceiver:
    def test_it_limits_once_and_in_front(self):
        connection = wrapper(STATEMENT_LIMIT_S=3)

        limit_statements(connection=connection, sender=None, signal=None)
        limit_statements(connection=connection)

        assert connection.execute_wrappers == [_Limit(3.0), "of the project"]

    @pytest.mark.parametrize(
        "connection", [wrapper(), wrapper(STATEMENT_LIMIT_S=0), wrapper("sqlite", STATEMENT_LIMIT_S=3)]
    )
    def test_it_leaves_others_alone(self, connection):
        limit_statements(connection=connection)

        assert connection.execute_wrappers == ["of the project"]

    def test_a_statement_is_passed_on_and_watched(self):
        connection = Connection()
        context = {"connection": SimpleNamespace(connection=connection)}

        def execute(*call):
            return connection.is_cancelled.wait(PATIENCE_S), call

        found = _Limit(0.05)(execute, "SELECT %s", (1,), False, context)

        assert found == (True, ("SELECT %s", (1,), False, context))


class TestWatch:
    @pytest.mark.parametrize("kind", [Connection, OldConnection])
    def test_what_runs_too_long_is_cancelled(self, watch, kind):
        connection = kind()

        with watch.over(connection, 0.05):
            assert connection.is_cancelled.wait(PATIENCE_S)

    def test_what_ends_in_time_is_not(self, watch):
        connection, later = Connection(), Connection()
        with watch.over(connection, 0.1):
            pass
        with watch.over(later, 0.2):
            assert later.is_cancelled.wait(PATIENCE_S)

        assert not connection.is_cancelled.is_set()

    def test_a_shorter_limit_is_kept_while_a_longer_one_runs(self, watch):
        patient, hasty = Connection(), Connection()

        with watch.over(patient, 60), watch.over(hasty, 0.05):
            assert hasty.is_cancelled.wait(PATIENCE_S)

        assert not patient.is_cancelled.is_set()

    def test_the_next_statement_waits_until_the_cancel_is_over(self, watch):
        connection = Connection(takes_s=0.2)

        with watch.over(connection, 0.05):
            assert connection.is_cancelled.wait(PATIENCE_S)

        assert connection.is_cancel_over.is_set()

    def test_a_cancel_that_fails_is_told_without_its_text_and_sent_again(self, watch, monkeypatch, caplog):
        monkeypatch.setattr(statement_limit, "_AGAIN_S", 0.05)
        connection = Connection(fails=1)

        with watch.over(connection, 0.05):
            assert connection.is_cancelled.wait(PATIENCE_S)

        assert connection.asked >= 2
        assert caplog.messages == ["A statement could not be cancelled (OSError)."]

    def test_the_error_says_why(self, watch):
        connection = Connection()

        def run():
            with watch.over(connection, 0.05):
                connection.is_cancelled.wait(PATIENCE_S)
                raise RuntimeError("canceling")

        with pytest.raises(RuntimeError, match="canceling") as caught:
            run()

        assert "STATEMENT_LIMIT_S" in caught.value.__notes__[0]

    def test_other_errors_are_left_as_they_are(self, watch):
        with pytest.raises(RuntimeError) as caught, watch.over(Connection(), 60):
            raise RuntimeError("of its own")

        assert not hasattr(caught.value, "__notes__")

    def test_a_child_process_has_one_of_its_own(self, monkeypatch):
        parents = statement_limit._watch()
        assert statement_limit._watch() is parents

        monkeypatch.setattr("os.getpid", lambda: -1)

        assert statement_limit._watch() is not parents
        del statement_limit._watches[-1]
