"""Standard output that ends early, is full, closed, or speaks another encoding."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from django_prodready.audit.console import CannotPrintError, Console, printable

FULL = Path("/dev/full")


def run(stdout, **environ):
    """Run the list of all checks with this standard output; give exit code and standard error."""
    command = [sys.executable, "-m", "django_prodready", "check", "--list"]
    ended = subprocess.run(
        command, stdout=stdout, stderr=subprocess.PIPE, env={**os.environ, **environ}, check=False
    )
    return ended.returncode, ended.stderr.decode()


def test_a_reader_that_goes_away():
    read, write = os.pipe()
    os.close(read)
    try:
        assert run(write) == (0, "")
    finally:
        os.close(write)


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_a_full_disk():
    with FULL.open("w") as full:
        code, said = run(full)
    assert code == 2
    assert said == (
        "prodready check: Standard output cannot be written: No space left on device. Use --output FILE.\n"
    )


def test_closed():
    with pytest.raises(CannotPrintError, match="it is closed"):
        Console(out=None).print("x")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding(encoding):
    held = io.BytesIO()
    out = io.TextIOWrapper(held, encoding=encoding)
    Console(out=out).print("a \u00b7 b\u2026 \u65e5 \udcff")
    text = held.getvalue().decode(encoding)
    assert text.startswith("a ")
    assert text.endswith("\\udcff")


def test_own_marks_have_a_plain_form():
    assert printable("a · b…", "ascii") == "a - b..."
    assert printable("a · b…", "utf-8") == printable("a · b…", None) == "a · b…"
    assert printable("日", "ascii") == "\\u65e5"
