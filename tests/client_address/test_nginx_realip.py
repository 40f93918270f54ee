"""The same answer as nginx's realip module, from true source addresses; or a difference with a reason.

Whatever is found to differ stands in docs/nginx-differences.md, whose examples are asked here, too.
"""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from prodready_namespaces import why_not
from prodready_nginx import namespaces
from prodready_nginx.chains import SOURCES, generated, sites_of
from prodready_nginx.differences import REASONS, Comparison, compare, reason
from prodready_nginx.sites import CONNECTING, FORWARDED, Chain, Site, serving
from prodready_services.errors import MissingServiceError
from prodready_services.missing import do_without
from prodready_services.once import of_servers

from django_prodready.realip.address import parse
from django_prodready.realip.roles import Role

PAGE = (Path(__file__).parents[2] / "docs" / "nginx-differences.md").read_text(encoding="utf-8")
OWN = ("10.20.0.0/16", "::ffff:10.21.0.0/112")
# What the requests of each table meet, by its heading, and from whom they come. Generated sites count from 0.
SITUATIONS = {
    "Behind your own proxies": (Site(100, FORWARDED, OWN), "10.20.0.1"),
    "Cloudflare in front": (Site(101, CONNECTING, cloudflare=True), "173.245.48.5"),
    "nginx reads `X-Forwarded-For`": (Site(102, FORWARDED, OWN[:1], cloudflare=True), "10.20.0.1"),
    "nginx reads `CF-Connecting-IP`": (Site(103, CONNECTING, OWN[:1], cloudflare=True), "10.20.0.1"),
}


class Row(NamedTuple):
    """One difference, as the page tells it."""

    difference: str
    chain: Chain
    nginx: str
    here: str
    reason: str


def rows() -> list[Row]:
    """Return the rows of every table on the page."""
    found, heading = [], ""
    for line in PAGE.splitlines():
        if line.startswith("##"):
            heading = line.lstrip("# ")
        elif line.startswith("| ") and not line.startswith(("| difference ", "| --- ")):
            difference, request, answers, why = line.strip("| ").split(" | ")
            nginx, here = answers.split("<br>")
            site, source = SITUATIONS[heading]
            found.append(Row(difference, Chain(site, source, headers(request)), nginx, here, why))
    return found


def headers(request: str) -> tuple[tuple[str, str], ...]:
    """Return the headers of a cell: lines by <br>, and in them "`text`" and "then 3 times `text`"."""
    lines = []
    for line in request.split("<br>"):
        parts = re.findall(r"(?:then (\d+) times )?`([^`]+)`", line)
        text = "".join(part * int(times or 1) for times, part in parts)
        name, _, value = text.replace("⇥", "\t").replace("␣", " ").partition(": ")
        lines.append((name, value))
    return tuple(lines)


class Asked(NamedTuple):
    """What came of it."""

    generated: list[Comparison]
    documented: list[tuple[Row, Comparison]]


pytestmark = of_servers


@pytest.fixture(scope="module")
def asked() -> Asked:
    """Ask nginx every request once."""
    if reason := why_not():
        do_without(reason)
    chains, documented = generated(), rows()
    every = [*chains, *(row.chain for row in documented)]
    try:
        with (
            namespaces.laid(SOURCES) as pair,
            serving(pair, sites_of(every)) as nginx,
            pair.client_thread() as in_client,
        ):
            answers = in_client(lambda: [nginx.ask(chain) for chain in every])
    except MissingServiceError as missing:
        do_without(str(missing))
    compared = [compare(chain, answer) for chain, answer in zip(every, answers, strict=True)]
    return Asked(compared[: len(chains)], list(zip(documented, compared[len(chains) :], strict=True)))


def test_the_peer_is_who_opened_the_connection(asked: Asked):
    for said in asked.generated:
        source = said.chain.source
        is_mapped = source is not None and said.chain.is_dual_stack and ":" not in source
        expected = "unix:" if source is None else f"::ffff:{source}" if is_mapped else source
        assert said.nginx.peer == expected


def test_nginx_and_the_package_agree_or_part_for_a_known_reason(asked: Asked):
    unexplained = [said for said in asked.generated if not said.is_same and reason(said) is None]
    assert unexplained == []


def test_they_agree_on_most_chains_and_not_only_on_the_peer(asked: Asked):
    same = [said for said in asked.generated if said.is_same]
    believed = [said for said in same if said.nginx.client != said.nginx.peer]
    families = Counter(len(parse(said.here) or b"") for said in believed)
    assert (len(asked.generated), len(same) > 450, len(believed) > 150) == (670, True, True)
    assert min(families[4], families[16]) > 40


def test_each_reason_is_met_by_a_generated_chain(asked: Asked):
    met = {reason(said) for said in asked.generated if not said.is_same}
    assert REASONS.keys() - met == set()


def test_the_examples_of_the_page_are_true(asked: Asked):
    told = [(row.difference, row.nginx, row.here) for row, _ in asked.documented]
    seen = [(reason(said), said.nginx.client, said.here) for _, said in asked.documented]
    assert seen == told


def test_the_page_lists_every_difference_with_its_reason():
    told = rows()
    assert [row.difference for row in told] == list(REASONS)
    assert [row.difference for row in told if not row.reason] == []


def test_a_stranger_is_the_client_to_both_whatever_it_says(asked: Asked):
    strangers = [said for said in asked.generated if is_stranger(said.chain)]
    assert len([said for said in strangers if said.chain.headers]) > 50
    assert {said.here == said.chain.source for said in strangers} == {True}
    assert {parse(said.nginx.client) == parse(said.here) for said in strangers} == {True}


def is_stranger(chain: Chain) -> bool:
    """Tell whether nobody trusts who opened the connection."""
    packed = parse(chain.source)
    return packed is not None and chain.site.trust.roles.of(packed) is Role.CLIENT
