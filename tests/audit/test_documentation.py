"""A check's docstring, taken apart."""

from django_prodready.audit import Check, Need, Severity
from django_prodready.audit.documentation import as_text, page_of

DOCUMENTATION = """Something is
wrong.

What it checks
--------------
One thing.

    indented

Source
------
[a](https://example.org)
"""


def make(documentation, **kwargs):
    return Check(
        name="a.b",
        severity=Severity.INFO,
        judge=lambda facts: [],
        needs=frozenset({Need.SETTINGS}),
        documentation=documentation,
        **kwargs,
    )


def test_page():
    page = page_of(make(DOCUMENTATION))
    assert page.title == "Something is wrong."
    assert page.sections == {
        "What it checks": "One thing.\n\n    indented",
        "Source": "[a](https://example.org)",
    }


def test_page_of_nothing():
    page = page_of(make(""))
    assert (page.title, page.sections) == ("", {})


def test_text():
    assert as_text(make(DOCUMENTATION, django_ids=("security.W001", "security.W002"))) == (
        "a.b (info)\nSomething is wrong.\n\nWhat it checks\n  One thing.\n\n      indented\n\n"
        "Source\n  [a](https://example.org)\n\nDjango's own check\n"
        "  security.W001, security.W002\n\nNeeds: settings"
    )


def test_text_of_a_check_without_needs():
    check = Check(name="a.b", severity=Severity.INFO, judge=lambda facts: [], needs=frozenset())
    assert as_text(check).endswith("Needs: nothing")
