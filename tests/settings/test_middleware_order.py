"""Middleware that mixins add goes where it belongs, whatever order they come in."""

from itertools import permutations

import pytest

from django_prodready.settings.middleware_order import (
    CSP,
    HEALTH,
    PERMISSIONS_POLICY,
    REAL_IP,
    REQUEST_ID,
    SECURITY,
    WHITENOISE,
    MisplacedError,
    placed,
)

ADDED = (HEALTH, REAL_IP, REQUEST_ID, WHITENOISE, CSP)
CORS = "corsheaders.middleware.CorsMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"


def added(paths, entries, same=None):
    for path in paths:
        entries = placed(path, entries, same or {})
    return entries


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            [SECURITY, SESSIONS],
            [HEALTH, REAL_IP, REQUEST_ID, SECURITY, WHITENOISE, CSP, SESSIONS],
        ),
        (
            [CORS, SECURITY, "a.B", SESSIONS],
            [HEALTH, REAL_IP, REQUEST_ID, CORS, SECURITY, WHITENOISE, CSP, "a.B", SESSIONS],
        ),
        (
            [HEALTH, CORS, SECURITY, SESSIONS, WHITENOISE],
            [HEALTH, REAL_IP, REQUEST_ID, CORS, SECURITY, SESSIONS, WHITENOISE, CSP],
        ),
    ],
)
def test_every_order_of_adding_gives_one_result(before, after):
    assert {tuple(added(order, before)) for order in permutations(ADDED)} == {tuple(after)}


def test_what_is_there_stays_where_the_project_put_it():
    entries = [SECURITY, SESSIONS, HEALTH]

    assert placed(HEALTH, entries, {}) == entries


def test_security_itself_goes_behind_those_who_come_before_it():
    assert placed(SECURITY, [HEALTH, SESSIONS], {}) == [HEALTH, SECURITY, SESSIONS]
    assert placed(SECURITY, [SESSIONS], {}) == [SECURITY, SESSIONS]


def test_middleware_of_the_project_s_own_stands_for_a_known_one():
    same = {"shop.Secure": SECURITY, "shop.White": WHITENOISE}

    assert placed(CSP, ["shop.Secure", "shop.White", SESSIONS], same) == [
        "shop.Secure",
        "shop.White",
        CSP,
        SESSIONS,
    ]
    assert placed(WHITENOISE, ["shop.Secure", "shop.White"], same) == ["shop.Secure", "shop.White"]


def test_without_its_anchor_both_lists_are_told():
    with pytest.raises(MisplacedError) as caught:
        placed(PERMISSIONS_POLICY, [SESSIONS], {})

    text = str(caught.value)
    assert text.startswith(f"{PERMISSIONS_POLICY} belongs behind {SECURITY}, which is missing")
    assert f"MIDDLEWARE holds ['{SESSIONS}']" in text
    assert "SAME_MIDDLEWARE" in text
