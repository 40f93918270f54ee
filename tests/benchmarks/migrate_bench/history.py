"""An app with a history of migrations, and the models that it comes to."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

MIGRATION = """\
from django.db import migrations, models


def fill(apps, schema_editor):
    apps.get_model("{app}", "Item").objects.filter(pk__lt=100).update(title="filled")


class Migration(migrations.Migration):
    dependencies = {dependencies}
    operations = [
        {operations}
    ]
"""
KEY = "models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')"
SHELF = {"id": KEY, "code": "models.CharField(max_length=20, unique=True)"}
ITEM = {"id": KEY, "title": "models.CharField(max_length=50)", "count": "models.IntegerField(default=0)"}


@dataclass
class App:
    """An app: a model that stays, and one that its history changes."""

    label: str
    before: str | None  # the app that its own refers to
    item: dict[str, str] = field(default_factory=lambda: dict(ITEM))
    indexes: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)

    def write(self, folder: Path, length: int) -> None:
        """Write the app with a history of so many migrations, and the models that it comes to."""
        migrations = folder / self.label / "migrations"
        migrations.mkdir(parents=True)
        for package in (migrations, migrations.parent):
            (package / "__init__.py").touch()
        for number in range(1, length + 1):
            depends = [(self.label, _name(number - 1))] if number > 1 else []
            depends += [(self.before, _name(1))] if number == 1 and self.before else []
            operations = self.change(number) if number > 1 else self.first()
            text = MIGRATION.format(app=self.label, dependencies=depends, operations=operations)
            (migrations / f"{_name(number)}.py").write_text(text)
        (folder / self.label / "models.py").write_text(self.models())

    def first(self) -> str:
        """Make the tables."""
        shelf = f"{self.before or self.label}.shelf"
        self.item["shelf"] = f"models.ForeignKey('{shelf}', models.CASCADE, related_name='+')"
        made = {"Shelf": SHELF, "Item": self.item}
        fields = {
            name: ", ".join(f"({key!r}, {source})" for key, source in columns.items())
            for name, columns in made.items()
        }
        return "\n        ".join(f"migrations.CreateModel({name!r}, [{fields[name]}])," for name in made)

    def change(self, number: int) -> str:
        """Go on with another kind of change than in the migrations before."""
        start = number - (number - 2) % 9
        kinds: list[Callable[[], str]] = [
            lambda: self._field("AddField", f"note_{start}", "models.CharField(max_length=30, null=True)"),
            lambda: self._field("AddField", f"amount_{start}", "models.IntegerField(db_default=0)"),
            lambda: self._index(f"note_{start}"),
            lambda: self._field("AlterField", f"note_{start}", "models.CharField(max_length=60, null=True)"),
            lambda: "migrations.RunPython(fill, migrations.RunPython.noop),",
            lambda: self._constraint(f"amount_{start}"),
            lambda: self._field("AddField", f"shelf_{start}", self._reference()),
            lambda: f"migrations.RunSQL('COMMENT ON TABLE {self.label}_item IS $${start}$$', ''),",
            lambda: self._remove(f"shelf_{start}"),
        ]
        return kinds[number - start]()

    def models(self) -> str:
        """Write the models as the last migration leaves them, and one field more in the item."""
        item = self.item | {"later": "models.CharField(max_length=10, null=True)"}
        lines = ["from django.db import models", ""]
        for name, columns in {"Shelf": SHELF, "Item": item}.items():
            lines += ["", f"class {name}(models.Model):"]
            lines += [f"    {key} = {source}" for key, source in columns.items() if key != "id"]
        lines += ["    class Meta:", f"        indexes = [{', '.join(self.indexes)}]"]
        lines += [f"        constraints = [{', '.join(self.constraints)}]", ""]
        return "\n".join(lines)

    def _reference(self) -> str:
        return f"models.ForeignKey('{self.label}.shelf', models.SET_NULL, null=True, related_name='+')"

    def _field(self, operation: str, name: str, source: str) -> str:
        self.item[name] = source
        return f"migrations.{operation}('item', {name!r}, {source}),"

    def _remove(self, name: str) -> str:
        del self.item[name]
        return f"migrations.RemoveField('item', {name!r}),"

    def _index(self, name: str) -> str:
        self.indexes.append(f"models.Index(fields=[{name!r}], name='{self.label}_{name}')")
        return f"migrations.AddIndex('item', {self.indexes[-1]}),"

    def _constraint(self, name: str) -> str:
        condition = f"models.Q({name}__gte=0)"
        self.constraints.append(f"models.CheckConstraint(condition={condition}, name='{self.label}_{name}')")
        return f"migrations.AddConstraint('item', {self.constraints[-1]}),"


def _name(number: int) -> str:
    return f"{number:04}_change" if number > 1 else "0001_initial"
