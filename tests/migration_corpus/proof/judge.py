"""Turn what was seen of a case at two sizes into its verdict and categories."""

from dataclasses import dataclass, field

from migration_corpus.label import Case
from migration_corpus.proof.trial import Run, Trial

SMALL_ROWS = 2_000
LARGE_ROWS = 100_000
# For migrations that spend long on a row; batches of thousands must still be small beside it.
LEAST_LARGE_ROWS = 40_000
PATIENCE_S = 6.0
# Times the large size, where that leaves a doubt: a plain scan of so many rows takes 20 ms and more.
DECIDING_FACTOR = 6
DOUBT_FROM_MS = 0.8
DOUBT_TO_MS = 15.0
# Two ticks of the clock that the time is taken by.
LEAST_GROWTH_MS = 8.0
LEAST_FACTOR = 2.5
TRIES = 3
NEARLY_ALL = 0.7


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
    except Exception as error:  # noqa: BLE001 - a case that cannot be measured does not end the others
        proof.trouble = f"{type(error).__name__}: {error}"
    finally:
        if trial is not None:
            trial.shelf.clear()
    return proof


def _measure(trial: Trial, proof: Proof) -> None:
    first = _first_run(trial, proof)
    rows = max(LEAST_LARGE_ROWS, int(LARGE_ROWS / max(1.0, first.busy_s * 100 / PATIENCE_S)))
    run = trial.run(trial.filled(rows))
    proof.figures.append(f"writers refused {first.longest_ms:.1f} -> {run.longest_ms:.1f} ms at {rows} rows")
    if _is_blocked(trial, rows, first, run, proof):
        proof.categories.add("blocking")
    _judge_rows(run, proof)
    if not trial.atomic and any(
        written.deleted >= NEARLY_ALL * written.rows for written in run.written.values()
    ):
        _judge_deletes(trial, rows, run, proof)


def _is_blocked(trial: Trial, rows: int, small: Run, large: Run, proof: Proof) -> bool:
    """Tell whether writers wait the longer the more rows there are.

    What is measured is never too much, but a short time under a lock may be missed: the longest try counts.
    """
    small_ms, large_ms = small.longest_ms, large.longest_ms
    growth_ms = large_ms - small_ms
    if growth_ms <= DOUBT_FROM_MS and not large.read_what_it_locked:
        return False
    if growth_ms > DOUBT_TO_MS and large_ms > LEAST_FACTOR * small_ms:
        return True
    # Figures of another size would weigh its accidents in.
    large_ms = 0.0
    small_filled, large_filled = trial.filled(SMALL_ROWS), trial.filled(rows * DECIDING_FACTOR)
    for _ in range(TRIES):
        small_ms = max(small_ms, trial.run(trial.shelf.copy(small_filled)).longest_ms)
        large_ms = max(large_ms, trial.run(trial.shelf.copy(large_filled)).longest_ms)
        proof.figures.append(
            f"writers refused {small_ms:.1f} -> {large_ms:.1f} ms at {rows * DECIDING_FACTOR} rows"
        )
        if large_ms - small_ms > LEAST_GROWTH_MS and large_ms > LEAST_FACTOR * small_ms:
            return True
    return False


def _first_run(trial: Trial, proof: Proof) -> Run:
    """Run at the small size, with the rows that suit the migration, and ask the queries around it."""
    run = _run_with_queries(trial, proof)
    if run.error is None:
        return run
    if trial.births and trial.aged:
        trial.aged = False
        second = Proof(proof.case)
        again = _run_with_queries(trial, second)
        if again.error is None:
            proof.figures += second.figures
            proof.categories = second.categories
            return again
        trial.aged = True
    proof.categories.add("fails")
    proof.figures.append(f"raises {run.error}")
    return run


def _run_with_queries(trial: Trial, proof: Proof) -> Run:
    name = trial.filled(SMALL_ROWS)
    release, answers = trial.ask_before(name)
    run = trial.run(name)
    if run.error is not None:
        # What it would do to the releases is seen where there are no rows to fail on.
        name = trial.shelf.copy(trial.prior)
        _, answers = trial.ask_before(name)
        if trial.run(name).error is not None:
            return run
    problems = trial.ask_after(name, release, answers)
    if problems:
        proof.categories.add("incompatible")
        proof.figures += [f"{query}: {why}" for query, why in list(problems.items())[:3]]
    return run


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


def _judge_deletes(trial: Trial, rows: int, run: Run, proof: Proof) -> None:
    """Tell one DELETE from many small ones where the migration is not one transaction."""
    for table, most in trial.run_remembering(trial.filled(rows)).items():
        written = run.written.get(table)
        if written and min(most, written.deleted) >= NEARLY_ALL * written.rows:
            proof.categories.add("bulk_write")
            proof.figures.append(f"{most} of {written.rows} rows of {table} deleted in one transaction")
