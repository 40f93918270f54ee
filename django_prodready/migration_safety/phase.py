"""When a migration may run: before the new code serves, or after the old code is gone.

Both ways of judging ask here, with what they have found: the same migration has one phase.
"""

from __future__ import annotations

from collections.abc import Iterable

from django_prodready.migration_safety.harm import Harm
from django_prodready.migration_safety.model import Category, Phase
from django_prodready.migration_safety.rule import all_rules

NEW_CODE = "new code"  # as a harm's ``old``: it is the new code that breaks
_OF_NEW_CODE = "models-and-schema-differ"


def phase_of(harms: Iterable[Harm], *, is_needed_first: bool) -> Phase:
    """Say when a migration with these harms may run.

    ``contract`` where it takes away, or narrows, what the deployed code needs. So it is even where the
    new code cannot add rows until then, because a column that it has forgotten is NOT NULL: it still
    reads and changes them, and the old code could do nothing any more. ``is_needed_first``: it brings a
    table, a column or a name that the new code has in every query; it runs before that, ``expand``,
    though the deployed code breaks.
    """
    if is_needed_first:
        return Phase.EXPAND
    return Phase.CONTRACT if any(_breaks_deployed(harm) for harm in harms) else Phase.EXPAND


def _breaks_deployed(harm: Harm) -> bool:
    if harm.rule == _OF_NEW_CODE or harm.old == NEW_CODE:
        return False
    return all_rules()[harm.rule].category is Category.INCOMPATIBLE
