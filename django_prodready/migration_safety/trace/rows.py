"""Fill the tables of historical models with generated rows, so that a migration finds some.

All of it is written by SQL made here, past the models' own code: no manager, signal or ``save`` is run.
"""

from __future__ import annotations

from django_prodready.migration_safety.trace.rows_fill import Seeded, seed
from django_prodready.migration_safety.trace.rows_many import TooLongError, multiply

__all__ = ["Seeded", "TooLongError", "multiply", "seed"]
