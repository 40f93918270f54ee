"""manage.py makemigrations, which also judges what it has written: see ``new_migrations``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_prodready.management.new_migrations import judge_new, next_command

if TYPE_CHECKING:
    from django.core.management.commands.makemigrations import Command as Next
else:
    Next = next_command("makemigrations")


class Command(Next):
    """The next makemigrations in line, unchanged but for what it tells afterwards."""

    def write_migration_files(self, changes: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        """Write the files, then judge them; neither without the setting nor in a dry run."""
        super().write_migration_files(changes, *args, **kwargs)
        if not self.dry_run:
            written = [(label, migration.name) for label, made in changes.items() for migration in made]
            judge_new(written, lambda text: self.stderr.write(text, style_func=str))
