import functools
import linecache

from prodready_runner import wait_until

from django_prodready.audit.facts import code_text
from django_prodready.audit.facts.code_text import source_of


def test_what_a_file_holds():
    assert source_of(wait_until).startswith("def wait_until(")
    assert source_of(code_text).startswith('"""The text of a piece of Python')
    assert source_of(functools.wraps(wait_until)(lambda: None)).startswith("def wait_until(")


def test_what_has_no_text():
    assert source_of(len) == ""
    assert source_of(functools.partial(len)) == ""
    assert source_of(None) == ""


def test_the_program_of_the_interpreter_is_not_the_text_of_what_was_computed(monkeypatch):
    program = "import django\nconnection.cursor()\n"
    monkeypatch.setitem(linecache.cache, "<string>", (len(program), None, [program], "<string>"))
    names = {}
    exec("def view(request): pass", names)
    assert source_of(names["view"]) == ""


def test_what_wraps_itself_has_no_text():
    def view():
        """Wrap itself."""

    view.__wrapped__ = view
    assert source_of(view) == ""
