"""What one environment shows for all: it is the same whatever Python and Django, and costs many processes."""

import os

import pytest

_is_elsewhere = os.environ.get("PRODREADY_TEST_SERVERS") == "ours"

# How other people's servers behave.
of_servers = pytest.mark.skipif(
    _is_elsewhere, reason="PRODREADY_TEST_SERVERS=ours leaves out what is about other people's servers"
)
# What no version of Python or Django has a part in.
once = pytest.mark.skipif(
    _is_elsewhere, reason="PRODREADY_TEST_SERVERS=ours leaves out what is the same in every environment"
)
