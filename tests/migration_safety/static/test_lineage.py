"""Columns and tables that others take the names of, tables that nobody uses any more, and time zones."""

from __future__ import annotations

import pytest
from prodready_static_migrations import judge_operations

from django_prodready.migration_safety.static.effects_rows import SetZone
from django_prodready.migration_safety.static.sessions import Zone


def rules(operations: str, **more):
    judgement = judge_operations(operations, **more)
    assert judgement.not_checked == ()
    return [finding.rule for finding in judgement.findings if finding.category is not None]


class TestReplaced:
    def test_a_field_is_removed_and_added_with_another_type(self):
        again = (
            'migrations.RemoveField("book", "subtitle"),'
            ' migrations.AddField("book", "subtitle", models.IntegerField(null=True)),'
        )
        assert rules(again) == ["data-dropped", "column-narrowed"]

    def test_and_with_the_same(self):
        again = (
            'migrations.RemoveField("book", "subtitle"),'
            ' migrations.AddField("book", "subtitle", models.CharField(max_length=100, null=True)),'
        )
        assert rules(again) == ["data-dropped"]

    def test_another_field_takes_its_name(self):
        taken = (
            'migrations.RenameField("book", "subtitle", "second_title"),'
            ' migrations.AddField("book", "subtitle", models.IntegerField(null=True)),'
        )
        assert rules(taken) == ["column-narrowed"]
        renamed = (
            'migrations.RemoveField("book", "weight"), migrations.RenameField("book", "subtitle", "weight"),'
        )
        assert "column-narrowed" in rules(renamed) or "column-renamed" in rules(renamed)

    def test_it_becomes_a_generated_one(self):
        again = (
            'migrations.RemoveField("book", "weight"), migrations.RunSQL("ALTER TABLE shop_book ADD COLUMN'
            ' weight integer GENERATED ALWAYS AS (stock * 2) STORED", ""),'
        )
        assert "column-narrowed" in rules(again)

    def test_a_renamed_column_is_dropped(self):
        drop = 'migrations.RenameField("book", "weight", "grams"), migrations.RemoveField("book", "grams"),'
        assert rules(drop) == ["column-renamed", "data-dropped"]

    def test_there_and_back(self):
        back = (
            'migrations.RenameField("book", "weight", "grams"),'
            ' migrations.RenameField("book", "grams", "weight"),'
            ' migrations.AlterModelTable("tag", "labels"), migrations.AlterModelTable("tag", None),'
        )
        assert rules(back) == []

    def test_a_table_is_made_anew(self):
        fields = '("id", models.AutoField(primary_key=True)), ("label", models.CharField(max_length=50))'
        again = f'migrations.DeleteModel("Tag"), migrations.CreateModel("Tag", [{fields}]),'
        assert rules(again) == ["data-dropped", "data-dropped", "table-removed"]
        less = again.replace(', ("label", models.CharField(max_length=50))', "")
        assert "column-removed" in rules(less)

    def test_a_table_is_renamed_and_made_anew(self):
        statements = [
            "ALTER TABLE shop_tag RENAME TO old_tag",
            "CREATE TABLE shop_tag (id integer, label integer)",
        ]
        assert rules(f"migrations.RunSQL({statements!r}, [])") == ["column-narrowed"]
        statements.append("DROP TABLE old_tag CASCADE")
        assert "data-dropped" in rules(f"migrations.RunSQL({statements!r}, [])")


FORGET = 'migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Tag")]),'
REWRITE = 'migrations.RunSQL("ALTER TABLE shop_tag ALTER COLUMN label TYPE integer USING 1", ""),'


class TestForgotten:
    @pytest.mark.parametrize(
        "operations",
        [
            REWRITE,
            'migrations.RunSQL("CREATE INDEX x ON shop_tag (label)", ""),',
            'migrations.RunSQL("UPDATE shop_tag SET label = 1", ""),',
            'migrations.RunSQL("TRUNCATE shop_tag", ""),',
        ],
    )
    def test_nobody_waits_for_a_table_without_model(self, operations):
        assert rules(operations, deployed=FORGET) == []
        assert rules(operations) != []
        assert rules(operations, earlier=FORGET) != []

    def test_users_wait_where_a_table_of_theirs_is_locked_meanwhile(self):
        locked = 'migrations.AddField("author", "x", models.IntegerField(null=True)),'
        assert "column-type-rewrite" in rules(locked + REWRITE, deployed=FORGET)
        fill = 'migrations.RunSQL("UPDATE shop_tag SET label = 1", ""),'
        assert rules(locked + fill, deployed=FORGET) == ["write-under-lock"]

    def test_a_foreign_key_locks_the_table_that_it_points_to(self):
        key = 'migrations.RunSQL("ALTER TABLE shop_tag ADD FOREIGN KEY (id) REFERENCES shop_book (id)", ""),'
        assert rules(key, deployed=FORGET) == ["foreign-key-validation"]

    def test_a_table_stays_in_use_under_its_new_name(self):
        rename = 'migrations.RenameModel("Tag", "Label"),'
        change = 'migrations.AlterField("label", "label", models.JSONField()),'
        assert "column-type-rewrite" in rules(rename + change)
        forgotten = 'migrations.RunSQL("ALTER TABLE shop_tag RENAME TO old", ""),'
        index = 'migrations.RunSQL("CREATE INDEX x ON old (label)", ""),'
        assert rules(forgotten + index, deployed=FORGET) == []

    def test_it_has_rows_all_the_same(self):
        column = 'migrations.RunSQL("ALTER TABLE shop_tag ADD COLUMN x integer NOT NULL", ""),'
        assert rules(column, deployed=FORGET) == ["fails-on-existing-rows"]

    @pytest.mark.parametrize(
        "more",
        [
            'migrations.RunSQL("CREATE VIEW labels AS SELECT label FROM shop_tag", ""),',
            "migrations.RunSQL(\"CREATE FUNCTION f() RETURNS int AS 'SELECT 1 FROM shop_tag'\", ''),",
        ],
    )
    def test_a_view_or_a_function_may_use_it(self, more):
        index = 'migrations.RunSQL("CREATE INDEX x ON shop_tag (label)", ""),'
        assert rules(index, deployed=more + FORGET) == ["index-build"]

    def test_a_table_that_never_had_a_model_is_somebodys(self):
        made = 'migrations.RunSQL("CREATE TABLE audit (id bigint, what text)", ""),'
        assert rules('migrations.RunSQL("CREATE INDEX x ON audit (id)", "")', deployed=made) == [
            "index-build"
        ]

    def test_a_model_takes_it_over(self):
        fields = '("id", models.AutoField(primary_key=True)), ("label", models.CharField(max_length=50))'
        create = f'migrations.CreateModel("Label", [{fields}], options={{"db_table": "shop_tag"}})'
        taken = f"migrations.SeparateDatabaseAndState(state_operations=[{create}]),"
        assert rules(REWRITE, deployed=FORGET + taken) != []


class TestZones:
    COLUMN = 'migrations.RunSQL("ALTER TABLE shop_book ADD COLUMN read timestamp", ""),'
    CHANGE = "ALTER TABLE shop_book ALTER COLUMN read TYPE timestamptz"

    def judged(self, *statements: str, **more):
        operations = "".join(f"migrations.RunSQL({[one]!r}, []), " for one in statements)
        return rules(operations, deployed=self.COLUMN, **more)

    @pytest.mark.parametrize(
        "statement",
        [
            "SET TIME ZONE 'Europe/Berlin'",
            "SET LOCAL TIME ZONE 'Europe/Berlin'",
            "SET SESSION timezone TO 'Asia/Tokyo'",
            "SET TimeZone = 'Asia/Tokyo'",
            "SET TIME ZONE -7",
        ],
    )
    def test_values_move_in_another_zone(self, statement):
        assert self.judged(statement, self.CHANGE) == ["column-type-rewrite"]

    @pytest.mark.parametrize(
        "statement",
        [
            "SET TIME ZONE 'UTC'",
            "SET LOCAL TIME ZONE 'Etc/UTC'",
            "SET search_path TO public",
            "RESET ALL",
            "RESET search_path",
        ],
    )
    def test_they_stay_in_utc(self, statement):
        assert self.judged(self.CHANGE) == []
        assert self.judged(statement, self.CHANGE) == []
        assert self.judged("SET TIME ZONE 'Asia/Tokyo'", "SET TIME ZONE 'UTC'", statement, self.CHANGE) == []

    def test_what_is_set_may_be_taken_back(self):
        for back in ("RESET timezone", "SET TIME ZONE DEFAULT", "RESET TIME ZONE"):
            assert self.judged("SET TIME ZONE 'Asia/Tokyo'", back, self.CHANGE) == []

    def test_a_local_zone_ends_with_its_transaction(self):
        local = "SET LOCAL TIME ZONE 'Asia/Tokyo'"
        assert self.judged(local, self.CHANGE, atomic=False) == []
        inside, outside = ["BEGIN", local, self.CHANGE, "COMMIT"], ["BEGIN", local, "COMMIT", self.CHANGE]
        assert rules(f"migrations.RunSQL({outside!r}, [])", deployed=self.COLUMN, atomic=False) == []
        assert rules(f"migrations.RunSQL({inside!r}, [])", deployed=self.COLUMN, atomic=False) == [
            "column-type-rewrite"
        ]

    def test_indexes_of_the_column_are_built_anew_only_then(self):
        index = self.COLUMN + 'migrations.RunSQL("CREATE INDEX x ON shop_book (read)", ""),'
        berlin = "migrations.RunSQL([\"SET TIME ZONE 'Europe/Berlin'\", " + repr(self.CHANGE) + "], [])"
        assert rules(berlin, deployed=index) == ["column-type-rewrite"]

    def test_the_connection_begins_with_the_settings(self, settings):
        settings.USE_TZ = True
        assert Zone("default").is_utc
        assert Zone("nowhere").is_utc
        settings.USE_TZ, settings.TIME_ZONE = False, "Europe/Berlin"
        assert not Zone("default").is_utc
        settings.USE_TZ = True
        zone = Zone("default")
        zone.set(SetZone(table="", zone="Europe/Berlin", is_local=True), in_transaction=True)
        assert not zone.is_utc
        zone.end_transaction()
        assert zone.is_utc


class TestThrough:
    MODEL = """
migrations.CreateModel(
    "Label",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("tag", models.ForeignKey("shop.Tag", models.CASCADE)),
        ("book", models.ForeignKey("shop.Book", models.CASCADE)),
    ],
    options={options},
),
"""
    ALTER = (
        'migrations.AlterField("tag", "books", models.ManyToManyField("shop.Book", through="shop.Label")),'
    )

    def test_a_table_of_its_own_is_not_given_later(self):
        assert rules(self.MODEL.format(options="{}") + self.ALTER) == ["migration-fails"]

    def test_nor_taken_away(self):
        add = (
            'migrations.AddField("tag", "own", models.ManyToManyField("shop.Book", through="shop.Label"{})),'
        )
        deployed = self.MODEL.format(options="{}") + add.format(', related_name="+"')
        alter = 'migrations.AlterField("tag", "own", models.ManyToManyField("shop.Book", related_name="+")),'
        assert rules(alter, deployed=deployed) == ["migration-fails"]
        comment = add.format(', related_name="x"').replace("AddField", "AlterField")
        assert rules(comment, deployed=deployed) == []

    def test_the_models_alone_may_be_told(self):
        create = self.MODEL.format(options='{"db_table": "shop_tag_books"}')
        told = f"migrations.SeparateDatabaseAndState(state_operations=[{create} {self.ALTER}]),"
        assert rules(told) == []
