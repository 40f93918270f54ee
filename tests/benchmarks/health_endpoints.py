"""The health endpoints against a bare WSGI and ASGI application, a bare view of Django, and their peers.

One gunicorn with one sync worker (uvicorn for ASGI) per set-up, PostgreSQL for readiness, all on loopback:

    python benchmarks/health_endpoints.py [--rounds N] [--seconds S]

Every round gives each target its share of load, in an order of its own; a ratio is the median of the ratios
of the rounds, so that whatever else the machine does meanwhile falls on both sides. Only ratios mean
anything elsewhere. What is asked of them is printed beside them, and nothing fails when it is missed.
"""

import argparse
import platform
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from health_bench.load import Load, apply_load
from health_bench.servers import OURS, Server, serving
from prodready_services import postgres

PACKAGES = (
    "Django",
    "gunicorn",
    "uvicorn",
    "psycopg",
    "django-health-check",
    "django-watchman",
    "django-alive",
)
AGES_S = (0, 60)  # of a connection: Django's default, and what its documentation shows
Round = Mapping[str, Load]


@dataclass(frozen=True)
class Target:
    """One thing to ask for."""

    server: Server
    path: str
    slices: int = 1  # in a round; more of them where the ratio that is looked for is near 1


@dataclass(frozen=True)
class Wanted:
    """What a target must come to."""

    target: str
    against: str
    base: Callable[[Round], float]  # requests per second that the ratio is to
    at_least: float | None = None  # None: for information


def of(name: str) -> Callable[[Round], float]:
    """Return what tells one target's requests per second."""
    return lambda measured: measured[name].per_second


def peers(age_s: int, choose: Callable[[list[float]], float]) -> Callable[[Round], float]:
    """Return what chooses one of the peers' figures for readiness."""
    names = [f"{peer} ready, CONN_MAX_AGE={age_s}" for peer in PEERS]
    return lambda measured: choose([measured[name].per_second for name in names])


PEERS = {
    "django-health-check": ("/dhc/live/?format=json", "/dhc/ready/?format=json"),
    "django-watchman": ("/watchman/ping/", "/watchman/"),
    "django-alive": ("/alive/alive/", "/alive/health/"),
}
LIVE = {
    "bare WSGI": Target(Server("bare:wsgi"), "/health/"),
    "bare view": Target(Server(), "/view/", slices=3),
    "WSGI wrapper /health/": Target(Server("applications:wrapped"), "/health/"),
    "middleware /health/": Target(Server(middleware=OURS), "/health/"),
    "view behind the middleware": Target(Server(middleware=OURS), "/view/", slices=3),
} | {f"{peer} live": Target(Server(urls="peer_urls"), live) for peer, (live, _) in PEERS.items()}
# What uvicorn itself brings, and what uvicorn[standard] brings.
PARSERS = [name for name in ("h11", "httptools") if find_spec(name)]
ASGI = {
    f"{title}, {parser}": Target(Server(application, asgi_http=parser), "/health/")
    for parser in PARSERS
    for title, application in (
        ("bare ASGI", "bare:asgi"),
        ("ASGI wrapper /health/", "applications:wrapped_asgi"),
    )
}
READY = (
    {
        f"{peer} ready, CONN_MAX_AGE={age_s}": Target(Server(urls="peer_urls", conn_max_age_s=age_s), ready)
        for age_s in AGES_S
        for peer, (_, ready) in PEERS.items()
    }
    | {
        f"/ready/, READY_TTL={ttl_s}, CONN_MAX_AGE={age_s}": Target(
            Server(middleware=OURS, conn_max_age_s=age_s, ready_ttl_s=ttl_s), "/ready/"
        )
        for age_s in AGES_S
        for ttl_s in (1, 0)
    }
    | {
        f"WSGI wrapper /ready/, READY_TTL={ttl_s}": Target(
            Server("applications:wrapped", ready_ttl_s=ttl_s), "/ready/"
        )
        for ttl_s in (1, 0)
    }
)
TARGETS = LIVE | ASGI | READY
WANTED = [
    Wanted("bare WSGI", "bare WSGI", of("bare WSGI")),
    Wanted("bare view", "bare WSGI", of("bare WSGI")),
    Wanted("WSGI wrapper /health/", "bare WSGI", of("bare WSGI"), 0.85),
    *(
        Wanted(f"ASGI wrapper /health/, {parser}", "bare ASGI", of(f"bare ASGI, {parser}"), 0.9)
        for parser in PARSERS
    ),
    Wanted("middleware /health/", "bare view", of("bare view"), 1.0),
    *(Wanted(f"{peer} live", "bare view", of("bare view")) for peer in PEERS),
    Wanted("view behind the middleware", "bare view", of("bare view"), 0.97),
]
for _age_s in AGES_S:
    _fastest, _median = peers(_age_s, max), peers(_age_s, statistics.median)
    WANTED += [
        *(Wanted(f"{peer} ready, CONN_MAX_AGE={_age_s}", "fastest peer", _fastest) for peer in PEERS),
        Wanted(f"/ready/, READY_TTL=1, CONN_MAX_AGE={_age_s}", "fastest peer", _fastest, 2.0),
        Wanted(f"/ready/, READY_TTL=0, CONN_MAX_AGE={_age_s}", "median peer", _median, 1.0),
    ]
# Behind the wrapper CONN_MAX_AGE means nothing, and it is held against the peers at their best.
WANTED += [
    Wanted("WSGI wrapper /ready/, READY_TTL=1", "fastest at 60", peers(60, max), 2.0),
    Wanted("WSGI wrapper /ready/, READY_TTL=0", "median at 60", peers(60, statistics.median), 1.0),
]


def measure_round(ports: Mapping[Server, int], seconds: float) -> Round:
    """Give each target its slices of load, in a random order."""
    order = [name for name, target in TARGETS.items() for _ in range(target.slices)]
    random.shuffle(order)
    nothing = Load(0, 0.0, 0.0)
    measured = dict.fromkeys(TARGETS, nothing)
    for name in order:
        target = TARGETS[name]
        load = apply_load(
            ports[target.server], target.path, seconds, keeps_alive=target.server.asgi_http is not None
        )
        measured[name] += load
    return measured


def show(rounds: list[Round]) -> None:
    """Print the table."""
    print(f"{'':42}{'req/s':>7}  {'ratio':>6} {'(quartiles)':14}{'against':14}wanted")
    for wanted in WANTED:
        ratios = [measured[wanted.target].per_second / wanted.base(measured) for measured in rounds]
        low, ratio, high = statistics.quantiles(ratios, n=4, method="inclusive")
        rate = statistics.median(measured[wanted.target].per_second for measured in rounds)
        line = (
            f"{wanted.target:42}{rate:7.0f}  {ratio:6.2f} ({low:.2f}-{high:.2f})".ljust(73)
            + f"{wanted.against:14}"
        )
        if wanted.at_least is not None:
            line += f"{wanted.at_least:4.2f} {'ok' if ratio >= wanted.at_least else 'MISS'}"
        print(line.rstrip())
    busiest = max(
        (statistics.median(measured[name].client_s / measured[name].elapsed_s for measured in rounds), name)
        for name in TARGETS
    )
    print(f"The client was busy at most {busiest[0]:.0%} of the time ({busiest[1]}).")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=18)
    parser.add_argument("--seconds", type=float, default=0.4, help="how long each target is asked in a round")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in PACKAGES), sep=", ")
    servers = {target.server for target in TARGETS.values()}
    with postgres.serve() as database_url, serving(servers, database_url) as ports:
        measure_round(ports, options.seconds)  # what is loaded lazily is loaded now
        rounds = [measure_round(ports, options.seconds) for _ in range(options.rounds)]
    show(rounds)
    sys.stdout.flush()
    subprocess.run([sys.executable, Path(__file__).with_name("health_middleware.py")], check=True)


if __name__ == "__main__":
    main()
