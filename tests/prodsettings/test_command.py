"""manage.py prodsettings and ``python -m django_prodready settings``: what goes together, and exit codes."""

import re
import sys

import pytest

import django_prodready
import django_prodready.__main__ as entry
from django_prodready.audit.console import CannotPrintError, Console
from django_prodready.management.commands.prodsettings import Command
from django_prodready.management.prodsettings import explain_client

PLANTED = "pl4nted#Zq9@xw"
RANGES = "--cloudflare-ranges"
CLIENT = ["--explain-client", "--remote-addr", "198.51.100.7"]


class TestUsageErrors:
    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            ([RANGES, *CLIENT], "Say one of them: --cloudflare-ranges or --explain-client."),
            (["--secret-key", "--env-check"], "Say one of them: --env-check or --secret-key."),
            (["--check"], "--check goes with --cloudflare-ranges."),
            (["--style", "compose"], "--style goes with --env-template."),
            (["--env-check", "--platform", "docker"], "--platform goes with --env-template."),
            (["--env-template", "--format", "json"], "--format json does not go with --env-template."),
            (["--secret-key", "--format", "json"], "--format json does not go with --secret-key."),
            (["--env-check", "--diff"], "--env-check goes without --diff."),
            ([RANGES, "--fingerprint"], "--cloudflare-ranges goes without --fingerprint."),
            (["--fingerprint-key-file", "x"], "--fingerprint-key-file goes with --fingerprint."),
            (["--env-check", ""], "Error: argument --env-check: name a file."),
            (
                ["--env-template", "--platform", "kubernetes", "--style", "dotenv"],
                "--platform kubernetes takes --style kubernetes, not dotenv.",
            ),
            ([*CLIENT, "--check"], "--check goes with --cloudflare-ranges."),
            ([*CLIENT, "--write", "x"], "--write goes with --cloudflare-ranges."),
            ([*CLIENT, "--from", "x"], "--from goes with --cloudflare-ranges."),
            ([*CLIENT, "--force"], "--force goes with --cloudflare-ranges."),
            ([RANGES, "--remote-addr"], "--remote-addr goes with --explain-client."),
            ([RANGES, "--header", "A: b"], "--header goes with --explain-client."),
            ([RANGES, "--force"], "--force goes with --write."),
            ([RANGES, "--check", "--force"], "--force goes with --write."),
            (["--explain-client"], "--explain-client needs --remote-addr ADDRESS; unix: is a unix socket."),
            ([RANGES, "--check", "--write", "x"], None),
            ([RANGES, "--write"], None),
            ([RANGES, "--write", ""], "Error: argument --write: name a file."),
            ([RANGES, "--from", ""], "Error: argument --from: name a file."),
            ([RANGES, "--format", "xml"], None),
            ([RANGES, "--chec"], "Error: unrecognized arguments: --chec"),
            ([*CLIENT, "--headr=X: pl4nted"], "--explain-client goes without the name of a setting."),
            ([*CLIENT, "--headr=pl4nted"], "Error: unrecognized arguments: --headr"),
            (["DATABASES=pl4"], "NAME, number 1, is no setting. Is DATABASES meant?"),
            ([*CLIENT, "pl4nted"], "--explain-client goes without the name of a setting."),
            (["pl4nted"], "NAME, number 1, is no setting."),
            (["--diff", "DATABSES", "DEBUG"], "DATABSES is no setting. Is DATABASES meant?"),
            (["debug"], "debug is no setting. Is DEBUG meant?"),
            (["FROBNICATED_WIDGETS"], "FROBNICATED_WIDGETS is no setting."),
            (["POSTGIS_VERSION"], "POSTGIS_VERSION is not set, and Django has no default for it."),
        ],
        ids=lambda value: None if isinstance(value, str | None) else " ".join(value),
    )
    def test_in_this_process(self, refused, arguments, words):
        code, said = refused(*arguments)
        assert code == 2
        assert words is None or said == words
        assert "pl4nted" not in said

    @pytest.mark.parametrize("arguments", [["--frobnicate"], [RANGES, "--format", PLANTED]])
    def test_on_the_command_line(self, settings, capsys, arguments):
        settings.PRODREADY = {"CLOUDFLARE_SECRETS": [PLANTED]}
        with pytest.raises(SystemExit) as ended:
            Command().run_from_argv(["manage.py", "prodsettings", *arguments])

        assert ended.value.code == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("usage: manage.py prodsettings ")
        assert "manage.py prodsettings: error: " in err
        assert PLANTED not in err

    def test_help_and_version(self, capsys):
        for option, words in (("--help", "--explain-client"), ("--version", django_prodready.__version__)):
            with pytest.raises(SystemExit) as ended:
                Command().run_from_argv(["manage.py", "prodsettings", option])
            assert not ended.value.code
            assert words in capsys.readouterr().out

    def test_both_colours(self, refused):
        assert "can't be used together" in refused("--no-color", "--force-color")[1]
        with pytest.raises(Exception, match="exclude each other") as raised:
            Command().handle(force_color=True, no_color=True)
        assert raised.value.returncode == 2


class TestOutput:
    def test_colour_only_when_asked(self, prodsettings):
        assert "\x1b[" not in prodsettings(*CLIENT)[1]
        assert "\x1b[" not in prodsettings(*CLIENT, no_color=True)[1]
        assert "\x1b[1mclient_ip\x1b[0m       198.51.100.7\n" in prodsettings(*CLIENT, force_color=True)[1]

    def test_what_packages_print_is_no_part_of_it(self, prodsettings, capsys, monkeypatch):
        explain = explain_client.explain

        def chatty(*arguments):
            sys.stdout.write("chat\n")
            return explain(*arguments)

        monkeypatch.setattr(explain_client, "explain", chatty)
        assert prodsettings(*CLIENT)[1].startswith("1. The connection is from")
        assert capsys.readouterr().err == "chat\n"

    def test_nobody_takes_it(self, refused, monkeypatch):
        def closed(*_):
            raise CannotPrintError("it is closed")

        monkeypatch.setattr(Console, "print", closed)
        assert refused(*CLIENT) == (2, "Standard output cannot be written: it is closed.")

    def test_an_interrupt(self, refused, monkeypatch):
        def interrupted(*_):
            raise KeyboardInterrupt

        monkeypatch.setattr(explain_client, "explain", interrupted)
        assert refused(*CLIENT) == (2, "interrupted.")

    def test_a_failure_of_its_own(self, refused, monkeypatch):
        def broken(*_):
            raise RuntimeError(PLANTED)

        monkeypatch.setattr(explain_client, "explain", broken)
        code, said = refused(*CLIENT)
        assert code == 2
        assert said.startswith("prodsettings itself failed: RuntimeError (message withheld")
        assert re.search(r"test_command\.py:\d+ in broken", refused(*CLIENT, verbosity=2)[1])
        assert PLANTED not in refused(*CLIENT, verbosity=2)[1]


class TestWithoutManagePy:
    def test_it_is_listed(self, capsys):
        assert entry.main(["--help"]) == 0
        assert "\n  settings  " in capsys.readouterr().out

    def test_a_client(self, python, tmp_path):
        ended = python(*CLIENT, "--settings", "testproject.settings", cwd=tmp_path)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert "\nclient_ip       198.51.100.7\n" in ended.stdout

    def test_a_list_that_differs(self, python, list_of, tmp_path):
        arguments = [RANGES, "--check", "--from", list_of(without=["104.16.0.0/13"])]
        ended = python(*arguments, "--settings", "testproject.settings", cwd=tmp_path)
        assert (ended.returncode, ended.stderr) == (1, "")
        assert "  - 104.16.0.0/13\n" in ended.stdout

    def test_a_list_that_is_refused(self, python, tmp_path):
        ended = python(RANGES, "--from", "none.txt", "--settings", "testproject.settings", cwd=tmp_path)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert ended.stderr == "prodready settings: none.txt is refused: No such file or directory.\n"

    def test_usage_needs_no_settings(self, python, tmp_path):
        ended = python("--check", cwd=tmp_path)
        assert ended.returncode == 2
        assert ended.stderr == "prodready settings: --check goes with --cloudflare-ranges.\n"

    @pytest.mark.parametrize(
        "arguments", [CLIENT, [RANGES, "--check"], [], ["--env-check"], ["--env-template"]]
    )
    def test_settings_are_needed(self, python, tmp_path, arguments):
        ended = python(*arguments, cwd=tmp_path)
        assert ended.returncode == 2
        assert "Name the settings module" in ended.stderr

        (tmp_path / "broken_settings.py").write_text(f"raise RuntimeError({PLANTED!r})\n")
        ended = python(*arguments, "--settings", "broken_settings", cwd=tmp_path)
        assert ended.returncode == 2
        assert ended.stderr == (
            "prodready settings: The settings cannot be loaded. RuntimeError (message withheld: it may hold a"
            " value)\n"
        )

    def test_a_file_is_refreshed_without(self, python, list_of, tmp_path):
        ended = python(RANGES, "--write", "ranges.txt", "--from", list_of(), cwd=tmp_path)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert ended.stdout.startswith("Wrote ranges.txt: 22 networks, from\n")
        assert (tmp_path / "ranges.txt").read_text().startswith("# Cloudflare's ranges: 22 networks\n")

        (tmp_path / "broken_settings.py").write_text("raise RuntimeError\n")
        arguments = [RANGES, "--write", "ranges.txt", "--from", list_of()]
        ended = python(*arguments, "--settings", "broken_settings", cwd=tmp_path)
        assert (ended.returncode, ended.stderr) == (0, "")
        assert ended.stdout.startswith("ranges.txt is unchanged: ")

    def test_an_app_that_does_not_load_is_in_nobodys_way(self, python, tmp_path):
        (tmp_path / "site_settings.py").write_text(
            "INSTALLED_APPS = ['no_such_app']\nPRODREADY = {'TRUSTED_PROXIES': ['198.51.100.7']}\n"
        )
        ended = python(*CLIENT, "--settings", "site_settings", cwd=tmp_path)
        assert ended.returncode == 0, ended.stderr
        assert "one of ours (TRUSTED_PROXIES: 198.51.100.7/32)" in " ".join(ended.stdout.split())
