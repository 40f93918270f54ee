"""Types, functions, triggers, partitions and views that migrations make, and what later ones do with them."""

from __future__ import annotations

import pytest
from prodready_static_migrations import judge_operations

from django_prodready.migration_safety.model import Verdict


def sql(*statements: str) -> str:
    return f"migrations.RunSQL({list(statements)!r}, migrations.RunSQL.noop),"


def rules(operations: str, **more):
    judgement = judge_operations(operations, **more)
    assert judgement.verdict is not Verdict.UNKNOWN
    return [finding.rule for finding in judgement.findings if finding.category is not None]


class TestTypes:
    MOOD = sql(
        "CREATE TYPE mood AS ENUM ('good', 'bad')",
        "ALTER TABLE shop_author ALTER COLUMN email TYPE mood USING email::mood",
    )
    NO_COLUMN = sql("CREATE TYPE mood AS ENUM ('good', 'bad')")

    def test_cascade_drops_the_columns_of_a_type(self):
        for drop in ("DROP TYPE mood CASCADE", "DROP TYPE IF EXISTS public.mood CASCADE"):
            found = rules(sql(drop), deployed=self.MOOD)
            assert found == ["column-removed", "data-dropped", "models-and-schema-differ"]

    def test_and_those_of_its_arrays(self):
        array = sql("CREATE TYPE mood AS ENUM ('a')", "ALTER TABLE shop_author ADD COLUMN x mood[]")
        assert rules(sql("DROP TYPE mood"), deployed=array) == ["migration-fails"]

    def test_and_views_on_them(self):
        view = self.MOOD + sql("CREATE VIEW moods AS SELECT email FROM shop_author")
        found = rules(sql("DROP TYPE mood CASCADE"), deployed=view)
        assert found == ["column-removed", "data-dropped", "models-and-schema-differ"]

    def test_a_type_in_use_is_not_dropped_without(self):
        assert rules(sql("DROP TYPE mood"), deployed=self.MOOD) == ["migration-fails"]

    def test_a_type_without_columns(self):
        for drop in ("DROP TYPE mood", "DROP TYPE mood CASCADE", "DROP TYPE IF EXISTS mood, other CASCADE"):
            assert rules(sql(drop), deployed=self.NO_COLUMN) == []

    def test_a_type_that_no_migration_made(self):
        assert judge_operations(sql("DROP TYPE mood CASCADE")).verdict is Verdict.UNKNOWN

    def test_a_value_that_the_deployed_release_writes_gets_another_name(self):
        rename = sql("ALTER TYPE mood RENAME VALUE 'good' TO 'fine'")
        assert rules(rename, deployed=self.MOOD) == ["column-narrowed"]
        assert rules(rename, deployed=self.NO_COLUMN) == []

    def test_a_value_that_it_does_not_know(self):
        deployed = self.MOOD + (
            "migrations.SeparateDatabaseAndState(state_operations=[migrations.AlterField('author', 'email',"
            " models.CharField(max_length=100, null=True, choices=[('bad', 'Bad')]))]),"
        )
        assert rules(sql("ALTER TYPE mood RENAME VALUE 'good' TO 'fine'"), deployed=deployed) == []
        assert rules(sql("ALTER TYPE mood RENAME VALUE 'bad' TO 'sad'"), deployed=deployed) != []

    def test_a_type_that_is_renamed_keeps_its_columns(self):
        renamed = self.MOOD + sql("ALTER TYPE mood RENAME TO feeling")
        assert rules(sql("ALTER TYPE mood RENAME TO feeling"), deployed=self.MOOD) == []
        assert rules(sql("DROP TYPE feeling CASCADE"), deployed=renamed) != []
        assert rules(sql("ALTER TYPE other RENAME TO another", "ALTER TYPE another OWNER TO me")) == []


class TestFunctions:
    MADE = sql("CREATE FUNCTION recount() RETURNS void LANGUAGE sql AS 'UPDATE shop_book SET stock = 1'")

    @pytest.mark.parametrize(
        "call",
        [
            "SELECT recount()",
            "SELECT * FROM recount()",
            "SELECT recount() FROM shop_tag WHERE label = 'x'",
            "DO $$ BEGIN PERFORM recount(); END $$",
            "WITH x AS (SELECT recount()) SELECT 1",
        ],
    )
    def test_one_of_an_earlier_migration_is_read(self, call):
        assert rules(sql(call), deployed=self.MADE) == ["bulk-write"]

    def test_as_it_was_made_last(self):
        again = "CREATE OR REPLACE FUNCTION recount() RETURNS void LANGUAGE sql AS 'SELECT 1'"
        assert rules(sql("SELECT recount()"), deployed=self.MADE + sql(again)) == []
        dropped = self.MADE + sql("DROP FUNCTION IF EXISTS recount()")
        assert judge_operations(sql("SELECT recount()"), deployed=dropped).verdict is Verdict.UNKNOWN

    def test_making_it_runs_nothing(self):
        assert rules(self.MADE) == []

    def test_one_that_calls_itself(self):
        made = sql("CREATE PROCEDURE walk() LANGUAGE sql AS 'CALL walk()'")
        assert rules(sql("CALL walk()"), deployed=made) == []

    def test_one_without_body_to_read(self):
        made = sql("CREATE FUNCTION c() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; END")
        assert judge_operations(sql("SELECT c()"), deployed=made).verdict is Verdict.UNKNOWN


RANK = 'migrations.AddField("book", "place", models.IntegerField(default=0)),'
TRIGGER = "CREATE TRIGGER place BEFORE INSERT ON shop_book FOR EACH ROW EXECUTE FUNCTION place()"


STATE = "migrations.SeparateDatabaseAndState(state_operations=[{}]),"


def function(body: str) -> str:
    return f"CREATE FUNCTION place() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$"


class TestTriggers:
    @pytest.mark.parametrize(
        "body",
        [
            "NEW.place := 0;",
            "new.place = 0;",
            "IF NEW.place IS NULL THEN NEW.place := 0; END IF;",
            "IF (NEW.place IS NULL) THEN NEW.place := 0; END IF;",
            "IF TG_OP = 'INSERT' THEN NEW.place := 0; END IF;",
            "IF NEW.stock > 1 THEN NEW.stock := 1; END IF; NEW.place := 0;",
        ],
    )
    def test_one_that_fills_the_column(self, body):
        assert rules(RANK + sql(function(body), TRIGGER)) == []
        assert rules(RANK, deployed=sql(function(body), TRIGGER)) == []

    @pytest.mark.parametrize(
        "body",
        [
            "NEW.stock := 0;",
            "IF NEW.stock > 1 THEN NEW.place := 0; END IF;",
            "IF NEW.place IS NULL THEN NULL; ELSE NEW.place := 0; END IF;",
            "PERFORM NEW.place;",
        ],
    )
    def test_one_that_does_not(self, body):
        assert rules(RANK + sql(function(body), TRIGGER)) == ["not-null-without-default"]

    @pytest.mark.parametrize(
        "trigger",
        [
            TRIGGER.replace("BEFORE", "AFTER"),
            TRIGGER.replace("INSERT", "UPDATE"),
            TRIGGER.replace("EXECUTE", "WHEN (NEW.stock > 1) EXECUTE"),
            TRIGGER.replace("EACH ROW", "EACH STATEMENT"),
            TRIGGER.replace("FUNCTION place", "FUNCTION other"),
        ],
    )
    def test_one_that_is_not_run_in_time(self, trigger):
        assert rules(RANK + sql(function("NEW.place := 0;"), trigger)) == ["not-null-without-default"]

    def test_one_that_is_dropped(self):
        made = RANK + sql(function("NEW.place := 0;"), TRIGGER)
        forgotten = STATE.format('migrations.RemoveField("book", "place")')
        for drop in ("DROP TRIGGER IF EXISTS place ON shop_book", "DROP FUNCTION place CASCADE"):
            assert rules(sql(drop), deployed=made) == []
            found = rules(sql(drop), deployed=made + forgotten)
            assert set(found) == {"not-null-without-default"}

    def test_a_column_may_become_not_null_with_one(self):
        required = 'migrations.AlterField("book", "weight", models.IntegerField()),'
        made = sql(function("IF NEW.weight IS NULL THEN NEW.weight := 0; END IF;"), TRIGGER)
        assert "not-null-without-default" not in rules(required, deployed=made)
        assert "not-null-without-default" in rules(required)

    def test_new_code_may_leave_it_out_too(self):
        forget = (
            'migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("book", "stock")]),'
        )
        assert rules(forget) != []
        assert rules(forget, deployed=sql(function("NEW.stock := 0;"), TRIGGER)) == []

    def test_one_that_names_a_column_that_is_dropped(self):
        made = sql(function("NEW.weight := OLD.weight;"), TRIGGER)
        forget = STATE.format('migrations.RemoveField("book", "weight")')
        drop = sql("ALTER TABLE shop_book DROP COLUMN weight")
        assert rules(drop, deployed=made + forget) == ["incompatible-change"]
        assert rules(drop, deployed=forget) == []
        assert rules(drop + sql("DROP TRIGGER place ON shop_book"), deployed=made + forget) == []
        assert rules('migrations.AlterModelOptions("book", {})', deployed=made + forget + drop) == []

    def test_one_that_serves_several_tables(self):
        made = function("IF TG_TABLE_NAME = 'other' THEN NEW.colour := 1; END IF;")
        assert rules(sql(made, TRIGGER)) == []
        assert rules(sql(function("NEW.colour := 1;"), TRIGGER)) == ["incompatible-change"]

    def test_functions_of_other_triggers_may_go(self):
        other = "CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN END $$"
        made = RANK + sql(function("NEW.place := 0;"), TRIGGER, other)
        forgotten = STATE.format('migrations.RemoveField("book", "place")')
        assert rules(forgotten + sql("DROP FUNCTION other() CASCADE"), deployed=made) == []
        assert rules(forgotten + sql("DROP FUNCTION place() CASCADE"), deployed=made) != []

    def test_rules_and_policies_lock_their_table(self):
        index = sql("SELECT count(*) FROM shop_book WHERE stock > 1")
        for kind in ("POLICY", "RULE"):
            assert rules(sql(f"DROP {kind} x ON shop_book") + index) == ["scan-under-lock"]

    def test_one_whose_function_is_not_known(self):
        assert rules(sql(TRIGGER)) == []


class TestPartitions:
    MADE = """
migrations.RunSQL(
    '''CREATE TABLE shop_visit (id bigint NOT NULL, day date NOT NULL, place integer)
    PARTITION BY RANGE (day); CREATE INDEX visit_day ON shop_visit (day);
    CREATE TABLE shop_visit_all PARTITION OF shop_visit DEFAULT;''',
    state_operations=[
        migrations.CreateModel(
            "Visit",
            [("id", models.BigAutoField(primary_key=True)), ("day", models.DateField()),
             ("place", models.IntegerField(null=True))],
        )
    ],
),
"""

    @pytest.mark.parametrize(
        "operations",
        [
            sql("CREATE INDEX CONCURRENTLY x ON shop_visit (place)"),
            sql("DROP INDEX CONCURRENTLY visit_day"),
            'postgres.AddIndexConcurrently("visit", models.Index(fields=["place"], name="x")),',
            sql("ALTER TABLE shop_visit ADD CONSTRAINT x UNIQUE USING INDEX visit_day"),
            sql("ALTER TABLE shop_visit ADD UNIQUE (id)"),
        ],
    )
    def test_what_their_parent_refuses(self, operations):
        assert "migration-fails" in rules(operations, deployed=self.MADE, atomic=False)

    @pytest.mark.parametrize(
        "operations",
        [
            sql("CREATE INDEX CONCURRENTLY x ON shop_visit_all (place)"),
            sql("CREATE INDEX x ON ONLY shop_visit (place)"),
            sql("ALTER TABLE shop_visit ADD UNIQUE (id, day)"),
            sql("ALTER TABLE shop_visit ADD CHECK (place > 0) NOT VALID"),
        ],
    )
    def test_what_it_takes(self, operations):
        assert "migration-fails" not in rules(operations, deployed=self.MADE, atomic=False)


class TestDefaultPartitions:
    MADE = sql(
        "CREATE TABLE visit (day date) PARTITION BY RANGE (day)",
        "CREATE TABLE visit_rest PARTITION OF visit DEFAULT",
        "CREATE TABLE visit_old (day date CHECK (day < '2020-01-01'))",
    )
    NEW = sql("CREATE TABLE visit_new PARTITION OF visit FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')")
    OLD = sql("ALTER TABLE visit ATTACH PARTITION visit_old FOR VALUES FROM ('2010-01-01') TO ('2020-01-01')")

    def test_they_are_read_for_each_new_partition(self):
        for operations in (self.NEW, self.OLD):
            assert rules(operations, deployed=self.MADE) == ["scan-under-lock"]

    def test_without_one_nothing_is(self):
        made = self.MADE + sql("DROP TABLE visit_rest")
        for operations in (self.NEW, self.OLD):
            assert rules(operations, deployed=made) == []


class TestViews:
    REPORT = """
migrations.RunSQL("{view}", "DROP VIEW report"),
migrations.CreateModel(
    "Report",
    [("id", models.BigIntegerField(primary_key=True)), ("title", models.CharField(max_length=100))],
    options={{"managed": False, "db_table": "report"}},
),
"""
    ADD = 'migrations.AddField("report", "stock", models.IntegerField(null=True)),'

    @pytest.mark.parametrize(
        "view",
        [
            "CREATE VIEW report AS SELECT id, title FROM shop_book",
            "CREATE VIEW report AS SELECT b.id, max(title) AS title FROM shop_book b GROUP BY b.id",
            "CREATE VIEW report AS SELECT b.id, max(title) title FROM shop_book b GROUP BY b.id",
            "CREATE VIEW report (id, title) AS SELECT id, max(title) FROM shop_book GROUP BY id",
            "CREATE MATERIALIZED VIEW report AS SELECT id, title FROM shop_book WITH NO DATA",
        ],
    )
    def test_a_field_that_a_view_does_not_show(self, view):
        deployed = self.REPORT.format(view=view)
        assert rules(self.ADD, deployed=deployed) == ["models-and-schema-differ"]
        assert rules('migrations.AlterModelOptions("report", {})', deployed=deployed) == []

    @pytest.mark.parametrize(
        "view",
        [
            "CREATE VIEW report AS SELECT * FROM shop_book",
            "CREATE VIEW report AS SELECT id, title, stock FROM shop_book",
            "CREATE VIEW report AS SELECT * FROM elsewhere",
            "CREATE VIEW report AS SELECT id, title, stock::bigint FROM shop_book",
        ],
    )
    def test_one_that_it_shows_or_may_show(self, view):
        assert rules(self.ADD, deployed=self.REPORT.format(view=view)) == []

    def test_what_is_written_through_a_view_is_not_asked(self):
        deployed = self.REPORT.format(view="CREATE VIEW report AS SELECT id, title, isbn FROM shop_book")
        assert rules('migrations.AddField("report", "isbn", models.TextField()),', deployed=deployed) == []

    def test_a_view_that_is_made_anew_without_a_column(self):
        deployed = self.REPORT.format(view="CREATE VIEW report AS SELECT id, title FROM shop_book")
        again = sql("DROP VIEW report", "CREATE VIEW report AS SELECT id FROM shop_book")
        assert "column-removed" in rules(again, deployed=deployed)
        more = sql("DROP VIEW report", "CREATE VIEW report AS SELECT id, title, stock FROM shop_book")
        assert rules(more, deployed=deployed) == []


class TestFunctionsAsDefaults:
    """A default is computed once unless its function is VOLATILE, as it is where it says nothing."""

    ADD = """
migrations.AddField("book", "new", models.TextField(db_default=models.Func(function="home"))),
"""
    BODY = "RETURNS text LANGUAGE sql {} AS $$ SELECT 'eu' $$"

    @pytest.mark.parametrize(
        "function",
        [
            f"CREATE FUNCTION home() {BODY.format('STABLE')}",
            f"CREATE OR REPLACE FUNCTION public.home() {BODY.format('immutable')}",
            "CREATE FUNCTION home() RETURNS text AS $$ SELECT 'eu' $$ LANGUAGE sql STABLE STRICT",
            "CREATE FUNCTION home() RETURNS text STABLE RETURN 'eu'",
            "CREATE FUNCTION home() RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT 'eu'; END",
        ],
    )
    def test_are_computed_once_where_they_say_so(self, function):
        for add in (
            self.ADD,
            sql("ALTER TABLE shop_book ADD COLUMN new text DEFAULT home()"),
            sql("ALTER TABLE shop_book ADD COLUMN new text DEFAULT upper(public.home())"),
            sql("ALTER TABLE shop_book ADD COLUMN new place"),
        ):
            deployed = sql(function, "CREATE DOMAIN place AS text DEFAULT home()")
            assert rules(add, deployed=deployed) == []

    def test_may_be_told_so_later(self):
        plain = f"CREATE FUNCTION home() {self.BODY.format('')}"
        for change in ("STABLE", "IMMUTABLE STRICT"):
            assert rules(self.ADD, deployed=sql(plain, f"ALTER FUNCTION home() {change}")) == []

    @pytest.mark.parametrize(
        "functions",
        [
            [f"CREATE FUNCTION home() {BODY.format('')}"],
            [f"CREATE FUNCTION home() {BODY.format('VOLATILE')}"],
            ["CREATE FUNCTION home(stable text = 'eu') RETURNS text LANGUAGE sql AS $$ SELECT $1 $$"],
            ["CREATE FUNCTION home() RETURNS text LANGUAGE sql AS $$ SELECT 'stable' $$"],
            ["CREATE FUNCTION home() RETURNS text RETURN 'eu'"],
            [f"CREATE FUNCTION home() {BODY.format('STABLE')}", "ALTER FUNCTION home() VOLATILE"],
            [f"CREATE FUNCTION home() {BODY.format('')}", "ALTER FUNCTION home() STRICT"],
            [f"CREATE FUNCTION home() {BODY.format('STABLE')}", "DROP FUNCTION home()"],
            [f"CREATE FUNCTION elsewhere.home() {BODY.format('STABLE')}"],
            ["ALTER FUNCTION home() STABLE"],
        ],
    )
    def test_are_computed_for_each_row_otherwise(self, functions):
        assert rules(self.ADD, deployed=sql(*functions)) == ["volatile-default"]

    def test_nothing_that_is_not_volatile_writes(self):
        function = "CREATE FUNCTION many() RETURNS bigint STABLE RETURN (SELECT count(*) FROM shop_tag)"
        assert rules(sql("SELECT many()"), deployed=sql(function)) == []


class TestReplacedViews:
    """CREATE OR REPLACE leaves the columns of a view as they are, and may add others behind them."""

    DEPLOYED = sql(
        "CREATE VIEW report AS SELECT id, max(title) AS title FROM shop_book GROUP BY id",
        "CREATE VIEW strange AS SELECT id, lower(title) FROM shop_book",
        "CREATE VIEW whole AS SELECT * FROM shop_author",
    )

    @pytest.mark.parametrize(
        "view",
        [
            "CREATE OR REPLACE VIEW report AS SELECT id FROM shop_book",
            "CREATE OR REPLACE VIEW public.report AS SELECT title, id FROM shop_book",
            "CREATE OR REPLACE VIEW report AS SELECT id, stock, title FROM shop_book",
            "CREATE OR REPLACE VIEW report (id, name) AS SELECT id, title FROM shop_book",
            "CREATE OR REPLACE VIEW report AS WITH one AS (SELECT * FROM shop_book) SELECT id FROM one",
            "CREATE OR REPLACE VIEW whole AS SELECT name FROM shop_author",
        ],
    )
    def test_lose_none(self, view):
        assert rules(sql(view), deployed=self.DEPLOYED) == ["migration-fails"]

    @pytest.mark.parametrize(
        "statements",
        [
            ["CREATE OR REPLACE VIEW report AS SELECT id, title FROM shop_book"],
            ["CREATE OR REPLACE VIEW report AS SELECT b.id, upper(title) title, stock FROM shop_book b"],
            ["CREATE OR REPLACE VIEW report (id, title) AS SELECT id, isbn FROM shop_book"],
            ["CREATE OR REPLACE VIEW report AS SELECT id, upper(title) FROM shop_book"],
            ["CREATE OR REPLACE VIEW strange AS SELECT id FROM shop_book"],
            ["CREATE OR REPLACE VIEW whole AS SELECT * FROM shop_author"],
            ["CREATE OR REPLACE VIEW other AS SELECT id FROM shop_book"],
            ["CREATE OR REPLACE TEMP VIEW report AS SELECT id FROM shop_book"],
            ["DROP VIEW report", "CREATE OR REPLACE VIEW report AS SELECT id FROM shop_book"],
            [
                "ALTER VIEW report RENAME COLUMN title TO name",
                "CREATE OR REPLACE VIEW report AS SELECT id, title AS name FROM shop_book",
            ],
            [
                "ALTER VIEW IF EXISTS report RENAME title TO name",
                "CREATE OR REPLACE VIEW report AS SELECT id, title AS name FROM shop_book",
            ],
            ["ALTER VIEW report SET (security_barrier)"],
        ],
    )
    def test_may_gain_some(self, statements):
        assert rules(sql(*statements), deployed=self.DEPLOYED) == []
