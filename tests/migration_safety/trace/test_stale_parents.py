from __future__ import annotations

from typing import Any

from django.db import models
from django.db.migrations import AddField
from prodready_histories import INITIAL, History, code, create, library, migration


def test_parents_are_made_as_they_are_now(history: History) -> None:
    def save_each(rows: Any, _: Any) -> None:
        for copy in rows("Copy").all():
            copy.save()

    deployed = [*library(), create("Copy", book=models.ForeignKey("shop.Book", models.CASCADE))]
    added = AddField("Kind", "shown", models.BooleanField(default=True))
    steps = [
        migration("0001_initial", deployed),
        migration("0002_added", [added], [INITIAL]),
        migration("0003_judged", [code(save_each)], [("shop", "0002_added")]),
    ]
    for judged in (["0003_judged"], ["0002_added", "0003_judged"]):
        *_, last = history.trace(steps, judged)
        assert last.not_checked == ()
        assert [one.rule for one in last.findings] == ["bulk-write"]
