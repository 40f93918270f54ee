"""The strict reader of .env files."""

import os

import pytest

from django_prodready.management.prodsettings import env_file
from django_prodready.management.prodsettings.errors import UsageError

ESCAPES = r"expected only \n, \r, \t, \", \\ and \$ behind a backslash in double quotes"
CLOSING = r"expected the closing quote on the same line: in double quotes, \n is a line break"
BEHIND = "expected nothing behind the closing quote, but a blank and a # comment"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=", ""),
        ("A= ", ""),
        ("A= # none", ""),
        ("A=b", "b"),
        ("  A=b  ", "b"),
        ("export A=b", "b"),
        ("export\tA=b\r", "b"),
        ("A=b c", "b c"),
        ("A=b # comment", "b"),
        ("A=b#c", "b#c"),
        ("A=#c", "#c"),
        ("A=b=c", "b=c"),
        ("A=$B${C}", "$B${C}"),
        ('A=it"s', 'it"s'),
        ("A='b # c'", "b # c"),
        (r"A='b\n'", r"b\n"),
        ("A='' # comment", ""),
        ('A="b # c"\t# comment', "b # c"),
        (r'A="b\nc\td\re\"f\\g\$h"', 'b\nc\td\re"f\\g$h'),
        ('A="ä"', "ä"),
        ("\ufeffA=b", "b"),
    ],
)
def test_a_value(tmp_path, line, value):
    (tmp_path / ".env").write_bytes(f"{line}\n".encode())
    found = env_file.read(tmp_path / ".env")
    assert (found.values, found.lines, found.malformed) == ({"A": value}, {"A": 1}, [])


@pytest.mark.parametrize(
    ("line", "name", "rule"),
    [
        ("pl4nted", "", "expected NAME=VALUE"),
        ("1A=pl4nted", "", "expected NAME=VALUE"),
        ("A-B=pl4nted", "", "expected NAME=VALUE"),
        ("A =pl4nted", "A", "expected no blank before ="),
        ("A= pl4nted", "A", "expected no blank after ="),
        ('A="pl4nted', "A", CLOSING),
        ("A='pl4nted", "A", CLOSING),
        ("A='pl4nted'x", "A", BEHIND),
        ('A="pl4nted"#x', "A", BEHIND),
        (r'A="pl4nted\x"', "A", ESCAPES),
    ],
)
def test_a_malformed_line(line, name, rule):
    found = env_file.parse(f"# first\n\n{line}\nB=1\n")
    assert found.malformed == [env_file.Malformed(3, rule, name)]
    assert found.values == {"B": "1"}
    assert "pl4nted" not in repr(found.malformed)


def test_twice():
    found = env_file.parse("A=1\nA=2")
    assert found.malformed == [env_file.Malformed(2, "is set twice, first in line 1", "A")]
    assert found.values == {"A": "1"}


class TestNoFile:
    def test_missing(self, tmp_path):
        with pytest.raises(UsageError, match=r"cannot be read: No such file or directory\.$"):
            env_file.read(tmp_path / "none")

    def test_a_folder_and_a_pipe(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        for path in (tmp_path, tmp_path / "pipe"):
            with pytest.raises(UsageError, match=r"is no regular file\.$"):
                env_file.read(path)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"A=\xff", "is no text in UTF-8"),
            (b"A=\0", "is no text"),
            (b"A=" + b"x" * 1_048_576, "larger than"),
        ],
    )
    def test_another_kind_of_file(self, tmp_path, content, words):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(UsageError, match=words):
            env_file.read(tmp_path / "file")
