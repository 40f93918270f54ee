"""One variable: set, empty, in a file, wrong; and declarations that cannot be."""

import os

import pytest

from django_prodready.settings import SettingsMixin, env


class Site(SettingsMixin):
    KEY: str = env.secret("KEY")
    NAME: str = env.str("NAME", default="nobody")


class TestEmpty:
    @pytest.mark.parametrize("environ", [{}, {"NAME": ""}, {"NAME": "  "}])
    def test_an_empty_variable_is_one_that_is_not_set(self, applied, environ):
        assert applied(Site, environ={"KEY": "k", **environ})["NAME"] == "nobody"

    def test_a_required_one_is_missing(self, problems):
        assert problems(Site, environ={"KEY": " "}) == [("KEY", "required, not set")]


class TestFile:
    @pytest.fixture
    def site(self, applied, tmp_path):
        def write(content, **environ):
            path = tmp_path / "secret"
            path.write_bytes(content)
            return applied(Site, environ={"KEY_FILE": str(path), **environ})["KEY"]

        return write

    @pytest.mark.parametrize("content", [b"s3cret", b"s3cret\n", b"s3cret\r\n"])
    def test_one_newline_at_its_end_is_removed(self, site, content):
        assert site(content) == "s3cret"

    def test_more_blanks_are_refused(self, problems, tmp_path):
        (tmp_path / "secret").write_text("s3cret \n")

        [(variable, rule)] = problems(Site, environ={"KEY_FILE": str(tmp_path / "secret")})

        assert variable == "KEY_FILE"
        assert rule.startswith("expected a secret without a blank or line break before or after")

    def test_both_set_is_an_error(self, problems):
        assert problems(Site, environ={"KEY": "a", "KEY_FILE": "/nowhere"}) == [
            ("KEY", "set beside KEY_FILE: unset one of the two")
        ]

    def test_an_empty_file_variable_is_not_set(self, applied):
        assert applied(Site, environ={"KEY": "a", "KEY_FILE": ""})["KEY"] == "a"

    @pytest.mark.parametrize(
        ("path", "rule"),
        [
            ("/no/such/hunter2", "the file that it names cannot be read (FileNotFoundError)"),
            ("/", "the file that it names cannot be read (IsADirectoryError)"),
            ("hunter2\0", "the file that it names cannot be read (ValueError)"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_named_by_its_variable(self, problems, path, rule):
        assert problems(Site, environ={"KEY_FILE": path}) == [("KEY_FILE", rule)]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
    def test_a_pipe_or_a_device_is_not_waited_for(self, problems, tmp_path):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)

        for path in (str(pipe), os.devnull, "/dev/zero"):
            assert problems(Site, environ={"KEY_FILE": path}) == [
                ("KEY_FILE", "the file that it names is no regular file")
            ]

    def test_a_link_is_followed_and_one_to_itself_is_refused(self, applied, problems, tmp_path):
        (tmp_path / "secret").write_text("s3cret")
        (tmp_path / "link").symlink_to("secret")
        (tmp_path / "loop").symlink_to("loop")

        assert applied(Site, environ={"KEY_FILE": str(tmp_path / "link")})["KEY"] == "s3cret"
        assert problems(Site, environ={"KEY_FILE": str(tmp_path / "loop")}) == [
            ("KEY_FILE", "the file that it names cannot be read (OSError)")
        ]

    def test_a_file_of_another_kind_is_not_read_to_its_end(self, problems, tmp_path):
        with (tmp_path / "dump").open("wb") as file:
            file.truncate(1 << 30)

        assert problems(Site, environ={"KEY_FILE": str(tmp_path / "dump")}) == [
            ("KEY_FILE", "the file that it names is larger than 1 MiB")
        ]

    @pytest.mark.parametrize(
        ("content", "rule"),
        [
            (b"\xff\xfe", "the file that it names is not UTF-8 text"),
            (b"\n", "the file that it names is empty"),
            (b"", "the file that it names is empty"),
        ],
    )
    def test_a_file_that_holds_no_secret(self, problems, tmp_path, content, rule):
        (tmp_path / "secret").write_bytes(content)

        assert problems(Site, environ={"KEY_FILE": str(tmp_path / "secret")}) == [("KEY_FILE", rule)]

    def test_only_secrets_come_from_files(self, applied):
        assert applied(Site, environ={"KEY": "k", "NAME_FILE": "/no/such"})["NAME"] == "nobody"

    def test_a_password_that_is_a_placeholder_is_refused(self, problems):
        environ = {"DB": "postgres://site:changeme@db.example/site"}

        assert problems(DB=env.database("DB"), environ=environ) == [
            ("DB", "expected a password, found a placeholder")
        ]

    def test_a_url_is_a_secret(self, applied, tmp_path):
        (tmp_path / "url").write_text("https://u:p@site.example/\n")

        found = applied(HOOK=env.url("HOOK"), environ={"HOOK_FILE": str(tmp_path / "url")})

        assert found["HOOK"] == "https://u:p@site.example/"


class TestDeclaration:
    def test_required_with_a_default_contradicts_itself(self):
        with pytest.raises(TypeError, match="required=True: its default would never be used"):
            env.str("A", default="x", required=True)

    def test_optional_needs_a_default(self):
        with pytest.raises(TypeError, match="A is declared with required=False: it needs a default"):
            env.str("A", required=False)

    def test_an_argument_that_the_kind_does_not_take(self):
        with pytest.raises(
            TypeError, match="A is declared with max, min, which a whole number does not take"
        ):
            env.int("A", min=1, max=2)

    def test_a_default_that_is_no_choice(self):
        with pytest.raises(TypeError, match="A is declared with a default that is none of its choices"):
            env.choice("A", choices=("x", "y"), default="z")

    @pytest.mark.parametrize("required", [{}, {"required": True}])
    def test_without_a_default_it_is_required(self, problems, required):
        assert problems(A=env.str("A", **required)) == [("A", "required, not set")]

    def test_none_is_a_default(self, applied):
        assert applied(A=env.str("A", default=None, required=False))["A"] is None

    @pytest.mark.parametrize("name", ["", "A B", "1A", "ÄÖ", "A-B", None])
    def test_a_name_that_no_shell_takes(self, name):
        with pytest.raises(TypeError, match="is no name for an environment variable"):
            env.str(name)

    def test_reading_an_instance_that_was_never_applied_gives_no_value(self):
        with pytest.raises(Exception, match="NAME is read when the settings are applied"):
            getattr(object.__new__(Site), "NAME")  # noqa: B009 - reading it is what is tested
