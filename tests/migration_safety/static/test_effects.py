"""What the rules say of effects that no operation of Django has: those of SQL and of Python code."""

from __future__ import annotations

import pytest

from django_prodready.migration_safety.model import Evidence
from django_prodready.migration_safety.rule import all_rules, finding_of
from django_prodready.migration_safety.static import effects as e
from django_prodready.migration_safety.static.catalogue import Column, Constraint, Index, Kind, Table
from django_prodready.migration_safety.static.dependents import dependents_of
from django_prodready.migration_safety.static.locks import both, locks_of
from django_prodready.migration_safety.static.simulate import simulate
from django_prodready.migration_safety.static.view import Act, View

CHECK = Constraint(name="c", kind=Kind.CHECK, columns=("a",), is_valid=False, not_null=("a",))
KEY = Constraint(
    name="f", kind=Kind.FOREIGN_KEY, columns=("b",), to_table="u", to_columns=("id",), is_valid=False
)


def table(name: str = "t", **more) -> Table:
    columns = {name: Column(name=name, type="integer") for name in ("id", "a", "b")}
    indexes = {"i": Index(name="i", columns=("a",), depends_on=("b",))}
    return Table(
        name=name, born=0, columns=columns, indexes=indexes, constraints={"c": CHECK, "f": KEY}, **more
    )


def view_of(*effects: e.Effect, is_atomic: bool = True) -> View:
    """Make a view of effects on existing tables, each with the locks of those before it."""
    catalogue = {"t": table(), "u": table("u")}
    before = dict(catalogue)
    held: dict[str, str] = {}
    acts = []
    for number, effect in enumerate(effects):
        taken = locks_of(effect, catalogue)
        acts.append(
            Act(
                effect=effect,
                operation=number,
                table=catalogue.get(effect.table),
                is_existing=True,
                in_transaction=is_atomic,
                locks=taken,
                held=held,
                dependents=dependents_of(effect, catalogue),
            )
        )
        held = both(held, taken) if is_atomic else {}
        simulate(effect, catalogue, 1)
    return View(
        key=("shop", "0002"),
        is_atomic=is_atomic,
        acts=tuple(acts),
        before=before,
        after=catalogue,
        deployed={},
        old={},
        new={},
        touched=frozenset(effect.table for effect in effects),
    )


def rules_of(*effects: e.Effect, **more) -> list[str]:
    view = view_of(*effects, **more)
    harms = [harm for rule in all_rules().values() if rule.infer for harm in rule.infer(view)]
    for harm in harms:
        assert finding_of(harm, Evidence.INFERRED).message
    return [harm.rule for harm in harms]


LOCK = e.LockTable(table="t", mode="AccessExclusiveLock")


@pytest.mark.parametrize(
    ("effects", "rules"),
    [
        ([e.RewriteTable(table="t", statement="CLUSTER")], ["table-rewrite"]),
        ([e.RewriteTable(table="t", statement="REFRESH MATERIALIZED VIEW")], ["table-rewrite"]),
        ([LOCK, e.ReadRows(table="t")], ["scan-under-lock"]),
        ([LOCK, e.ReadRows(table="u")], ["scan-under-lock"]),
        ([e.LockTable(table="t", mode="RowShareLock"), e.ReadRows(table="t")], []),
        ([LOCK, e.ValidateConstraint(table="t", name="c")], ["check-validation"]),
        ([LOCK, e.ValidateConstraint(table="t", name="f")], ["foreign-key-validation"]),
        ([LOCK, e.ValidateConstraint(table="t", name="?")], ["check-validation"]),
        ([e.RebuildIndex(table="t", name="i")], ["index-rebuild"]),
        ([e.RebuildIndex(table="t")], ["index-rebuild"]),
        ([e.RebuildIndex(table="t", is_concurrent=True)], ["concurrently-in-transaction"]),
        ([e.AlterType(table="t", column="b", type="integer")], ["index-rebuild"]),
        ([e.AlterType(table="t", column="a", type="integer", collation="C")], ["index-rebuild"]),
        ([e.AlterType(table="t", column="?", type="text")], []),
        ([e.AlterType(table="?", column="a", type="text")], []),
        ([e.AlterType(table="t", column="id", type="integer")], []),
        ([e.SetNotNull(table="?", column="a")], ["not-null-scan"]),
        ([e.SetNotNull(table="t", column="a")], ["not-null-scan"]),
        ([e.SetNotNull(table="t", column="a"), e.SetNotNull(table="t", column="a")], ["not-null-scan"]),
        ([e.ValidateConstraint(table="t", name="c"), e.SetNotNull(table="t", column="a")], []),
        (
            [
                e.AddConstraint(
                    table="t",
                    constraint=Constraint(name="u", kind=Kind.UNIQUE, columns=("a",)),
                    using_index=True,
                )
            ],
            [],
        ),
    ],
)
def test_rules(effects, rules):
    assert rules_of(*effects) == rules


VIEW = e.CreateView(table="v", reads=(("t", "a"),))


@pytest.mark.parametrize(
    ("effects", "rules"),
    [
        ([VIEW, e.AlterType(table="t", column="a", type="integer")], ["index-rebuild", "migration-fails"]),
        ([VIEW, e.DropTable(table="v"), e.AlterType(table="t", column="id", type="integer")], []),
        ([VIEW, e.AlterType(table="t", column="id", type="integer")], []),
    ],
)
def test_what_a_view_is_made_of_keeps_its_type(effects, rules):
    assert rules_of(*effects) == rules


@pytest.mark.parametrize(("is_cascading", "rules"), [(False, ["migration-fails"]), (True, [])])
def test_what_a_view_is_made_of_is_dropped_by_cascade_alone(is_cascading, rules):
    assert rules_of(VIEW, e.DropColumn(table="t", column="a", is_cascading=is_cascading)) == rules
    assert rules_of(VIEW, e.DropTable(table="t", is_cascading=is_cascading)) == rules


def test_a_view_may_take_the_place_of_a_table():
    catalogue = {"t": table()}
    simulate(e.RenameTable(table="t", new="u"), catalogue, 1)
    simulate(e.CreateView(table="t"), catalogue, 1)
    assert not catalogue["t"].is_complete


def test_concurrently_outside_of_a_transaction():
    index = Index(name="j", columns=("a",))
    assert rules_of(e.CreateIndex(table="t", index=index, is_concurrent=True), is_atomic=False) == []


def test_a_foreign_key_that_is_found_in_no_operation():
    again = view_of(
        e.DropConstraint(table="t", name="f"),
        e.AddConstraint(
            table="t",
            constraint=Constraint(
                name="f", kind=Kind.FOREIGN_KEY, columns=("b",), to_table="u", to_columns=("id",)
            ),
        ),
    )
    (harm,) = all_rules()["foreign-key-validation"].infer(again)
    assert harm.locks[0].mode == "AccessExclusiveLock"


class TestSimulate:
    def after(self, *effects: e.Effect):
        catalogue = {"t": table(), "u": table("u")}
        for effect in effects:
            simulate(effect, catalogue, 1)
        return catalogue

    def test_a_dropped_table_takes_foreign_keys_along(self):
        assert set(self.after(e.DropTable(table="u"))["t"].constraints) == {"c"}

    def test_a_dropped_index_is_found_without_its_table(self):
        catalogue = self.after(e.DropIndex(table="", name="i"))
        assert (catalogue["t"].indexes, len(catalogue["u"].indexes)) == ({}, 1)
        assert "i" in self.after(e.DropIndex(table="", name="x"))["t"].indexes

    def test_a_renamed_index(self):
        assert set(self.after(e.RenameIndex(table="t", name="i", new="j"))["t"].indexes) == {"j"}
        assert set(self.after(e.RenameIndex(table="t", name="x", new="j"))["t"].indexes) == {"i"}

    def test_a_validated_constraint(self):
        assert self.after(e.ValidateConstraint(table="t", name="c"))["t"].proves_not_null("a")
        assert not self.after(e.ValidateConstraint(table="t", name="x"))["t"].proves_not_null("a")

    def test_a_constraint_that_takes_over_an_index(self):
        unique = Constraint(name="i", kind=Kind.UNIQUE, columns=("a",))
        after = self.after(e.AddConstraint(table="t", constraint=unique, using_index=True))["t"]
        assert (after.indexes, after.constraints["i"]) == ({}, unique)

    def test_a_primary_key_forbids_null(self):
        key = Constraint(name="k", kind=Kind.PRIMARY_KEY, columns=("a", "x"))
        assert not self.after(e.AddConstraint(table="t", constraint=key))["t"].columns["a"].is_nullable

    def test_a_renamed_column_is_followed_everywhere(self):
        catalogue = self.after(
            e.RenameColumn(table="t", column="a", new="z"), e.RenameColumn(table="u", column="id", new="key")
        )
        after = catalogue["t"]
        assert "z" in after.columns
        assert after.indexes["i"].columns == ("z",)
        assert after.constraints["c"].not_null == ("z",)
        assert after.constraints["f"].to_columns == ("key",)

    def test_a_renamed_table_is_followed(self):
        assert self.after(e.RenameTable(table="u", new="v"))["t"].constraints["f"].to_table == "v"

    def test_a_dropped_column_takes_index_and_constraint_along(self):
        after = self.after(e.DropColumn(table="t", column="b"))["t"]
        assert (set(after.indexes), set(after.constraints)) == (set(), {"c"})

    def test_tables_and_effects_without_trace_in_the_catalogue(self):
        unchanged = {"t": table(), "u": table("u")}
        assert self.after(e.DropColumn(table="x", column="b"), e.ReadRows(table="t")) == unchanged

    def test_defaults_and_identity(self):
        column = self.after(e.SetDefault(table="t", column="a", has_default=True))["t"].columns["a"]
        assert column.has_default
        column = self.after(e.SetIdentity(table="t", column="a", is_identity=True))["t"].columns["a"]
        assert column.has_default
