"""What is explained is what happens: the same answer, and the request left as it is."""

from hypothesis import given, settings
from hypothesis import strategies as st

from django_prodready.realip.explain import explain
from django_prodready.realip.networks import parse_network
from django_prodready.realip.ranges_file import bundled
from django_prodready.realip.settle import settle
from django_prodready.realip.trust import Trust
from django_prodready.realip.walk import End

EDGE, TRAEFIK, CLIENT = "173.245.48.10", "10.0.0.2", "203.0.113.9"
PROTO = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTS = [
    Trust(),
    Trust(edges=bundled().networks),
    Trust(proxies=[parse_network("10.0.0.0/24")], edges=bundled().networks, unix_socket=True),
    Trust(proxies=[parse_network("10.0.0.0/24")], tunnels=[parse_network("10.9.0.1")], secrets=["right"]),
]
TEXTS = st.one_of(
    st.lists(
        st.sampled_from([EDGE, TRAEFIK, CLIENT, "10.9.0.1", "unknown", "::1", "240.0.0.1"]), max_size=4
    ).map(", ".join),
    st.sampled_from(["right", "https", "http", "secret-of-a-header", "\udcff"]),
    st.none(),
    st.integers(),
)
NAMES = [
    "X_FORWARDED_FOR",
    "CF_CONNECTING_IP",
    "CF_CONNECTING_IPV6",
    "X_ORIGIN_SECRET",
    "X_FORWARDED_PROTO",
    "FORWARDED",
]
METAS = st.dictionaries(st.sampled_from(["REMOTE_ADDR", *(f"HTTP_{name}" for name in NAMES)]), TEXTS)


@settings(deadline=None)
@given(st.sampled_from(TRUSTS), METAS)
def test_the_explanation_is_of_what_happens(trust, meta):
    before, settled = dict(meta), dict(meta)
    explanation = explain(meta, trust, PROTO)
    assert meta == before
    assert (explanation.address, explanation.end) == settle(settled, trust, PROTO)
    assert explanation.meta == settled
    assert explanation.steps
    assert all(step.endswith(".") for step in explanation.steps)
    assert "secret-of-a-header" not in " ".join(explanation.steps)


def test_each_end_has_words_of_its_own():
    ways = {
        End.NO_PEER: {"REMOTE_ADDR": "unix:"},
        End.CLIENT: {"REMOTE_ADDR": CLIENT},
        End.NOTHING_SAID: {"REMOTE_ADDR": TRAEFIK},
        End.NOT_AN_ADDRESS: {"REMOTE_ADDR": TRAEFIK, "HTTP_X_FORWARDED_FOR": "unknown"},
        End.TOO_MANY_HOPS: {"REMOTE_ADDR": TRAEFIK, "HTTP_X_FORWARDED_FOR": ",".join([TRAEFIK] * 40)},
        End.NAMED: {
            "REMOTE_ADDR": "10.9.0.1",
            "HTTP_X_ORIGIN_SECRET": "right",
            "HTTP_CF_CONNECTING_IP": CLIENT,
        },
        End.NOT_NAMED: {"REMOTE_ADDR": "10.9.0.1", "HTTP_X_ORIGIN_SECRET": "right"},
        End.TAMPERED: {
            "REMOTE_ADDR": "10.9.0.1",
            "HTTP_X_ORIGIN_SECRET": "right",
            "HTTP_CF_CONNECTING_IP": "",
        },
        End.UNPROVEN: {"REMOTE_ADDR": "10.9.0.1"},
    }
    assert set(ways) == set(End)
    told = {}
    for end, meta in ways.items():
        explanation = explain(meta, TRUSTS[3], PROTO)
        assert explanation.end is end
        told[end] = explanation.steps[-1]
    assert len(set(told.values())) == len(End)


def test_what_stands_left_of_the_client_is_said_not_to_be_read():
    meta = {"REMOTE_ADDR": TRAEFIK, "HTTP_X_FORWARDED_FOR": f"9.9.9.9, {CLIENT}"}
    steps = explain(meta, TRUSTS[3]).steps
    assert [step.partition(":")[0] for step in steps[:2]] == [
        f"The connection is from {TRAEFIK}",
        f"{TRAEFIK} was asked by {CLIENT}",
    ]
    assert "left of it" in steps[-1]
    assert "9.9.9.9" not in " ".join(steps)
