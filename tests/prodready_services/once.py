"""What one environment shows for all: how other people's servers behave, whatever Python and Django."""

import os

import pytest

of_servers = pytest.mark.skipif(
    os.environ.get("PRODREADY_TEST_SERVERS") == "ours",
    reason="PRODREADY_TEST_SERVERS=ours leaves out what is about other people's servers",
)
