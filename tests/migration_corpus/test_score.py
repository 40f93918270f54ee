"""What the score counts, and what it ends with."""

import dataclasses

import pytest

from migration_corpus.label import find_cases
from migration_corpus.peers import meant
from migration_corpus.score import OURS, Answer, Score, by_category, misses, score, show

PERFECT = Score(hits=100, alarms=0, misses=0, silences=80, undecided=0)


@pytest.fixture(scope="module")
def cases():
    """An unsafe migration that blocks, one that breaks code, and a safe one."""
    found = find_cases()
    return [
        next(case for case in found if case.label.categories == frozenset(categories))
        for categories in (["blocking"], ["incompatible"], [])
    ]


def answers(cases, *said):
    return {case.name: answer for case, answer in zip(cases, said, strict=True)}


UNSAFE, SAFE, UNKNOWN = Answer("unsafe", frozenset({"blocking"})), Answer("safe"), Answer("unknown")


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ((UNSAFE, UNSAFE, SAFE), Score(2, 0, 0, 1, 0)),
        ((SAFE, UNKNOWN, UNKNOWN), Score(0, 1, 2, 0, 2)),
        ((Answer("crash"), UNSAFE, UNSAFE), Score(1, 1, 1, 0, 1)),
    ],
)
def test_what_is_neither_safe_nor_unsafe_is_wrong(cases, said, counted):
    assert score(cases, answers(cases, *said)) == counted


def test_precision_recall_and_what_joins_them():
    half = Score(hits=3, alarms=1, misses=3, silences=9, undecided=0)
    assert (half.precision, half.recall, half.f1) == (0.75, 0.5, 0.6)
    nothing = Score(hits=0, alarms=0, misses=2, silences=0, undecided=0)
    assert (nothing.precision, nothing.recall, nothing.f1) == (0, 0, 0)


def test_categories_are_told_rightly_wrongly_or_not(cases):
    counted = by_category(cases, answers(cases, UNSAFE, UNSAFE, SAFE))
    assert counted["blocking"] == (1, 1, 0)
    assert counted["incompatible"] == (0, 0, 1)


@pytest.mark.parametrize(
    ("rules", "labelled", "categories"),
    [
        (["CREATE_INDEX_EXCLUSIVE"], [], ["blocking"]),
        (
            ["require-concurrent-index-creation", "ban-drop-column"],
            ["destructive"],
            ["blocking", "destructive"],
        ),
        (["ADD_UNIQUE"], [], ["blocking"]),
        (["prefer-text-field", "RUNPYTHON_REVERSIBLE"], ["blocking"], []),
    ],
)
def test_a_rule_of_several_categories_is_taken_to_mean_the_right_one(rules, labelled, categories):
    assert meant(rules, labelled) == frozenset(categories)


@pytest.mark.parametrize(
    ("static", "traced", "peer", "problems"),
    [
        ({}, {}, {"misses": 1}, 0),
        ({"misses": 17, "hits": 83}, {}, {"misses": 90, "hits": 10}, 1),
        ({"alarms": 6}, {}, {"misses": 90, "hits": 10}, 1),
        ({}, {"alarms": 1}, {"misses": 1}, 1),
        ({}, {"misses": 5, "hits": 95}, {"misses": 1}, 1),
        ({}, {}, {}, 1),
    ],
)
def test_promises(static, traced, peer, problems, capsys):
    scores = [dataclasses.replace(PERFECT, **change) for change in (static, traced, peer)]
    assert misses(dict(zip([*OURS, "peer"], scores, strict=True))) == int(bool(problems))
    assert capsys.readouterr().err.count("missed:") == problems


def test_the_tables_name_what_differs(cases, capsys):
    right, wrong = (
        answers(cases, UNSAFE, Answer("unsafe", cases[1].label.categories), SAFE),
        answers(cases, SAFE, SAFE, SAFE),
    )
    show(cases, {OURS[0]: (wrong, 1.0), OURS[1]: (right, 2.0), "peer": (wrong, 3.0)})
    printed = capsys.readouterr().out
    assert "3 migrations: 2 unsafe, 1 safe" in printed
    assert printed.count("labelled unsafe") == 2
    assert f"{OURS[0]}: {cases[0].name}: safe (-), labelled unsafe (blocking)" in printed
