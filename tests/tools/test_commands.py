"""The commands that the documents promise are one line each, the same everywhere, and known to tox."""

import configparser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def commands(document: str) -> list[str]:
    lines = (
        line.strip().removeprefix("$ ") for line in (ROOT / document).read_text(encoding="utf-8").splitlines()
    )
    return [line for line in lines if line.startswith("python3 -m venv")]


def test_the_readme_has_the_demo_and_the_tests_in_this_order():
    assert [command.rpartition(" ")[2] for command in commands("README.md")] == ["demo", "py"]


def test_contributing_repeats_them_word_for_word():
    assert commands("CONTRIBUTING.md") == commands("README.md")


@pytest.mark.parametrize("name", ["demo", "lint", "types", "docs", "wheel", "coverage"])
def test_tox_knows_the_environments_that_the_documents_name(name):
    tox = configparser.ConfigParser(interpolation=None)
    tox.read(ROOT / "tox.ini", encoding="utf-8")
    assert f"testenv:{name}" in tox
