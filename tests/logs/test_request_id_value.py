"""Which ids are accepted, and whom the current one belongs to."""

import asyncio
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodready.logs import current_request_id
from django_prodready.logs.request_id import accept, begin, end, is_request_id


@pytest.mark.parametrize(
    "said",
    ["12345678", "a" * 128, "Root-1.67a_B", "99d3a2b1c4e5f678-FRA", "d162d50bbd244e4181e717a65b60641b"],
)
def test_a_well_formed_id_is_accepted(said):
    assert accept(said) == said


@pytest.mark.parametrize(
    "said",
    [
        *("", "1234567", "a" * 129, "12345678\n", "\n12345678", "1234 5678", "1234567ä", "12345678\x00"),
        *(
            '12345678"',
            "12345678,12345678",
            "\uff11" * 8,
            "12345678\u2028",
            None,
            87654321,
            b"87654322",
        ),
    ],
)
def test_anything_else_gets_a_new_one(said):
    given_ = accept(said)
    assert len(given_) == 32
    assert is_request_id(given_)
    assert given_ != accept(said)


@given(st.text())
def test_no_text_brings_in_a_character_that_is_not_allowed(said):
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert set(accept(said)) <= allowed


def test_the_current_id_is_that_of_this_thread():
    assert current_request_id() is None
    token = begin("outer-id")
    inner = begin("inner-id")
    seen = []
    other = threading.Thread(target=lambda: seen.append(current_request_id()))
    other.start()
    other.join()
    assert (seen, current_request_id()) == ([None], "inner-id")
    end(inner)
    assert current_request_id() == "outer-id"
    end(token)
    assert current_request_id() is None


def test_the_current_id_is_that_of_this_task_and_of_what_it_starts():
    async def work(request_id):
        token = begin(request_id)
        await asyncio.sleep(0)
        seen = await asyncio.create_task(tell())
        end(token)
        return seen, current_request_id()

    async def tell():
        await asyncio.sleep(0)
        return current_request_id()

    async def both():
        return await asyncio.gather(work("first-id"), work("second-id"))

    assert asyncio.run(both()) == [("first-id", None), ("second-id", None)]
