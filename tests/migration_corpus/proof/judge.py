"""Turn what was seen of a case at two sizes into its verdict and categories."""

from dataclasses import dataclass, field

from migration_corpus.label import Case
from migration_corpus.proof.trial import Run, Trial

SMALL_ROWS = 2_000
LARGE_ROWS = 200_000
LEAST_LARGE_ROWS = 40_000
# A run of a hundred times the rows must stay below this, or the figures come in too slowly to wait for.
PATIENCE_S = 6.0
NEARLY_ALL = 0.7
# Writers that are refused for less than this at the large size are not refused by work on the table.
LEAST_GROWTH_MS = 2.5
CLEAR_GROWTH_MS = 12.0
LEAST_FACTOR = 3.0
TRIES = 3


@dataclass
class Proof:
    """What was measured of a case, and the figures behind it."""

    case: str
    categories: set[str] = field(default_factory=set)
    figures: list[str] = field(default_factory=list)
    trouble: str | None = None

    @property
    def verdict(self) -> str:
        return "unsafe" if self.categories else "safe"


def prove(case: Case, url: str) -> Proof:
    """Measure one case; whatever keeps it from being measured is the proof's trouble."""
    proof = Proof(case.name)
    trial: Trial | None = None
    try:
        trial = Trial(case, url)
        _measure(trial, proof)
    except Exception as error:  # noqa: BLE001 - one case that cannot be measured does not end the others
        proof.trouble = f"{type(error).__name__}: {error}"
    finally:
        if trial is not None:
            trial.shelf.clear()
    return proof


def _measure(trial: Trial, proof: Proof) -> None:
    small, first = _first_run(trial, proof)
    factor = max(1.0, (first.seconds - 0.05) * 100 / PATIENCE_S)
    rows = max(LEAST_LARGE_ROWS, int(LARGE_ROWS / factor))
    template = trial.filled(rows)
    runs = [trial.run(trial.shelf.copy(template))]
    small_ms = first.longest_ms
    while len(runs) < TRIES and LEAST_GROWTH_MS / 2 < max(run.longest_ms for run in runs) - small_ms < CLEAR_GROWTH_MS:
        small_ms = max(small_ms, trial.run(trial.shelf.copy(small)).longest_ms)
        runs.append(trial.run(trial.shelf.copy(template)))
    large_ms = max(run.longest_ms for run in runs)
    proof.figures.append(f"writers refused {small_ms:.1f} -> {large_ms:.1f} ms at {rows} rows, {len(runs)} tries")
    if large_ms - small_ms > LEAST_GROWTH_MS and large_ms > LEAST_FACTOR * small_ms:
        proof.categories.add("blocking")
    _judge_rows(runs[0], proof)


def _first_run(trial: Trial, proof: Proof) -> tuple[str, Run]:
    """Run at the small size, with the rows that suit the migration, and ask the queries around it."""
    template, run = _run_with_queries(trial, proof)
    if run.error is None:
        return template, run
    if trial.births and trial.aged:
        trial.aged = False
        second = Proof(proof.case)
        other, again = _run_with_queries(trial, second)
        if again.error is None:
            proof.figures += second.figures
            proof.categories = second.categories
            return other, again
        trial.aged = True
    proof.categories.add("fails")
    proof.figures.append(f"raises {run.error}")
    return template, run


def _run_with_queries(trial: Trial, proof: Proof) -> tuple[str, Run]:
    template = trial.filled(SMALL_ROWS)
    name = trial.shelf.copy(template)
    release, answers = trial.ask_before(name)
    run = trial.run(name)
    if run.error is not None:
        # What it would do to the releases is seen where there are no rows to fail on.
        name = trial.shelf.copy(trial.prior)
        _, answers = trial.ask_before(name)
        if trial.run(name).error is not None:
            return template, run
    problems = trial.ask_after(name, release, answers)
    if problems:
        proof.categories.add("incompatible")
        proof.figures += [f"{query}: {why}" for query, why in list(problems.items())[:3]]
    return template, run


def _judge_rows(run: Run, proof: Proof) -> None:
    for table, written in run.written.items():
        if written.in_one_transaction >= NEARLY_ALL:
            proof.categories.add("bulk_write")
            proof.figures.append(f"{written.in_one_transaction:.0%} of {table} written in one transaction")
        if written.gone >= NEARLY_ALL and run.error is None:
            proof.categories.add("destructive")
            proof.figures.append(f"{written.gone:.0%} of {table} gone")
    if run.lost:
        proof.categories.add("destructive")
        proof.figures.append(f"lost: {', '.join(run.lost)}")

