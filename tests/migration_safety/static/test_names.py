"""What conditions mention and prove."""

import pytest
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact, IsNull

from django_prodready.migration_safety.static.names import mentioned, proven_not_null


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("-title", ["title"]),
        (F("author__name"), ["author"]),
        (Lower("title"), ["title"]),
        (Q(stock__gt=F("reserved"), title="x"), ["stock", "reserved", "title"]),
        (Q(Q(a=1) | ~Q(b__isnull=True)), ["a", "b"]),
        (Q(Exact(F("a"), 1)), ["a"]),
        (None, []),
        (3, []),
    ],
)
def test_mentioned(expression, names):
    assert list(mentioned(expression)) == names


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (Q(a__isnull=False), ("a",)),
        (Q(a__isnull=False, b__isnull=False, c=1), ("a", "b")),
        (Q(a__isnull=False) & Q(Q(b__isnull=False)), ("a", "b")),
        (~Q(a__isnull=True), ("a",)),
        (IsNull(F("a"), False), ("a",)),
        (Q(IsNull(F("a"), False)), ("a",)),
        (IsNull(F("a"), True), ()),
        (IsNull(Lower("a"), False), ()),
        (Q(a__isnull=True), ()),
        (Q(a__isnull=False) | Q(b=1), ()),
        (~Q(a__isnull=True, b=1), ()),
        (~Q(Q(a__isnull=True, b=1) | Q(c=1)), ()),
        (~Q(a__isnull=False), ()),
        (Q(a__b__isnull=False), ()),
        (Q(a__gt=0), ()),
        (Exact(F("a"), 1), ()),
    ],
)
def test_proven(condition, names):
    assert proven_not_null(condition) == names
