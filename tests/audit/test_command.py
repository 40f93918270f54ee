"""prodcheck in this process: options, formats, files, exit codes."""

import json
import re
import sys

import pytest
from django.core.management import CommandError
from prodready_commands import run_command

import django_prodready
from django_prodready.audit import Check, Finding, Need, NotApplicable, NotRun, Severity, registry


def prodcheck(*arguments, **options):
    """Run the command; its exit code and what it printed."""
    return run_command("prodcheck", *arguments, **options)


@pytest.fixture(autouse=True)
def root(tmp_path, monkeypatch):
    """Judge an empty folder, not this repository."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["pytest"])
    return tmp_path


@pytest.fixture
def checks(monkeypatch):
    """Let these be all checks."""

    def install(**judges):
        found = {name.replace("__", ".").replace("_", "-"): judge for name, judge in judges.items()}
        made = {
            name: Check(name=name, severity=Severity.ERROR, judge=judge, needs=frozenset())
            for name, judge in found.items()
        }
        monkeypatch.setattr(registry, "all_checks", lambda: made)

    return install


def passing(facts):
    return []


def failing(facts):
    return [Finding(message="It is wrong.", hint="Mend it.", evidence=("see: here",))]


def crashing(facts):
    raise RuntimeError("boom")


def beside(facts):
    raise NotApplicable("no such thing here")


def undecided(facts):
    raise NotRun("the database was needed")


@pytest.mark.parametrize(
    ("judges", "code", "verdict"),
    [
        ({"a__good": passing}, 0, "READY"),
        ({"a__good": passing, "b__bad": failing}, 1, "NOT READY"),
        ({"a__good": passing, "b__crash": crashing}, 2, "UNKNOWN, a check crashed"),
        ({"a__bad": failing, "b__crash": crashing}, 2, "NOT READY"),
        ({"a__none": undecided}, 3, "UNKNOWN, nothing was judged"),
        ({"a__none": undecided, "b__good": passing}, 0, "READY"),
    ],
)
def test_exit_codes(checks, judges, code, verdict):
    checks(**judges)
    ended, out = prodcheck()
    assert ended == code
    assert f"- {verdict}." in " ".join(out.split())


@pytest.mark.parametrize(("level", "code"), [("critical", 0), ("error", 1), ("info", 1), ("never", 0)])
def test_fail_level(checks, root, level, code):
    checks(a__bad=failing)
    assert prodcheck("--fail-level", level)[0] == code
    (root / "prodready.toml").write_text(f'fail-level = "{level}"')
    assert prodcheck()[0] == code
    assert prodcheck("--fail-level", "error")[0] == 1


def test_text_says_what_was_judged_and_what_not(checks):
    checks(a__good=passing, a__bad=failing, b__none=undecided, c__crash=crashing)
    out = prodcheck()[1]
    assert out.startswith("prodcheck ")
    assert "testproject.settings" in out
    assert re.search(r"ERROR +a\.bad\n  It is wrong\.\n     see: here\n  fix  Mend it\.", out)
    assert "b.none: the database was needed" in out
    assert "The check itself failed" in out
    assert "boom" not in out
    assert "test_command.py" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_more_words(checks):
    checks(a__good=passing, b__beside=beside, c__crash=crashing)
    out = prodcheck(verbosity=2)[1]
    assert "not applicable\n  b.beside: no such thing here" in out
    assert "passed\n  a.good" in out
    assert re.search(r"test_command\.py:\d+ in crashing", out)


def test_fewer_words(checks):
    checks(a__bad=failing)
    out = prodcheck(verbosity=0)[1]
    assert out == "0 critical, 1 error, 0 warnings, 0 info - NOT READY. 1 of 1 checks judged.\n"


def test_colour_only_when_asked(checks):
    checks(a__bad=failing)
    assert "\x1b[" not in prodcheck()[1]
    assert "\x1b[" in prodcheck(force_color=True)[1]
    assert "\x1b[" not in prodcheck(no_color=True)[1]


def test_concise(checks):
    checks(a__bad=failing, b__none=undecided)
    lines = prodcheck("--format", "concise")[1].splitlines()
    assert lines[0] == "-: error a.bad: It is wrong."
    assert lines[1] == "-: not run b.none: the database was needed"


def test_json_has_the_shape_of_the_contract(checks):
    checks(a__bad=failing)
    report = json.loads(prodcheck("--format", "json")[1])
    assert list(report) == ["schema", "generated_at", "tool", "target", "facts", "summary", "results"]
    assert report["schema"] == 1
    assert report["generated_at"].endswith("Z")
    assert list(report["target"]) == ["settings", "django", "python", "url"]
    assert report["summary"] == {
        "findings": {"critical": 0, "error": 1, "warning": 0, "info": 0, "suppressed": 0},
        "checks": {"pass": 0, "fail": 1, "not_applicable": 0, "not_run": 0, "crashed": 0},
    }
    (result,) = report["results"]
    duration_ms = result.pop("duration_ms")
    assert duration_ms >= 0
    fingerprint = result["findings"][0].pop("fingerprint")
    assert fingerprint
    assert result == {
        "check": "a.bad",
        "family": "a",
        "severity": "error",
        "outcome": "fail",
        "reason": None,
        "findings": [
            {
                "severity": "error",
                "message": "It is wrong.",
                "hint": "Mend it.",
                "subject": None,
                "file": None,
                "line": None,
                "suppressed": None,
            }
        ],
    }


def test_declared_facts_stand_in_the_report(checks, settings):
    settings.PRODREADY = {"FACTS": {"tls": "proxy"}}
    checks(a__good=passing)
    assert json.loads(prodcheck("--format", "json")[1])["facts"] == {
        "tls": {"value": "proxy", "origin": "declared"}
    }
    assert "facts: tls=proxy (declared)" in prodcheck()[1]


def test_writes_files_by_their_ending(checks, root):
    checks(a__bad=failing)
    code, out = prodcheck("--output", "report.json", "--output", "report.txt", force_color=True, verbosity=0)
    assert code == 1
    assert json.loads((root / "report.json").read_text())["schema"] == 1
    assert "a.bad" in (root / "report.txt").read_text()
    assert "\x1b[" not in (root / "report.txt").read_text()
    assert out.startswith("0 critical")


def test_durations(checks):
    checks(a__good=passing)
    assert re.search(r"slowest checks.*\n +\d+\.\d ms  a\.good", prodcheck("--durations")[1])


def test_suppressed_findings_stay_in_the_report(checks, root, settings):
    checks(a__bad=failing, b__bad=failing)
    (root / "prodready.toml").write_text('ignore = [{check = "a.bad", reason = "the proxy does it"}]')
    settings.SILENCED_SYSTEM_CHECKS = ["prodready.b.bad"]
    code, out = prodcheck("--format", "json")
    report = json.loads(out)
    assert code == 0
    assert report["summary"]["findings"] == {
        "critical": 0,
        "error": 0,
        "warning": 0,
        "info": 0,
        "suppressed": 2,
    }
    by = {result["check"]: result["findings"][0]["suppressed"] for result in report["results"]}
    assert by["a.bad"] == {"by": "ignore", "reason": "the proxy does it", "until": None}
    assert by["b.bad"]["by"] == "silenced"
    assert "the proxy does it" not in prodcheck()[1]
    assert "the proxy does it" in prodcheck(verbosity=2)[1]
    assert "(2 suppressed)" in prodcheck()[1]


def test_baseline_of_the_configuration(checks, root):
    checks(a__bad=failing)
    report = json.loads(prodcheck("--format", "json")[1])
    fingerprint = report["results"][0]["findings"][0]["fingerprint"]
    (root / "base.json").write_text(
        json.dumps(
            {
                "schema": 1,
                "findings": [
                    {"fingerprint": fingerprint, "check": "a.bad", "reason": "known", "since": "2026-11-01"}
                ],
            }
        )
    )
    (root / "prodready.toml").write_text('baseline = "base.json"')
    assert prodcheck()[0] == 0


def test_list():
    code, out = prodcheck("--list", "--only", "hosts.unmatchable")
    assert code == 0
    assert (
        out
        == "error     hosts.unmatchable                  ALLOWED_HOSTS has an entry that can never match.\n"
    )
    (entry,) = json.loads(prodcheck("--list", "--only", "hosts.unmatchable", "--format", "json")[1])
    assert entry == {
        "check": "hosts.unmatchable",
        "family": "hosts",
        "severity": "error",
        "title": "ALLOWED_HOSTS has an entry that can never match.",
        "needs": ["settings"],
        "django": [],
    }


def test_explain():
    code, out = prodcheck("--explain", "settings.debug")
    assert code == 0
    assert out.startswith("settings.debug (critical)\n")
    for heading in ("What it checks", "Why it matters", "When it is wrong", "How to fix", "Source"):
        assert f"\n{heading}\n" in out
    assert "security.W018" in out
    assert out.endswith("Needs: settings\n")


def test_only_and_skip():
    report = json.loads(prodcheck("--only", "hosts", "--skip", "hosts.unmatchable", "--format", "json")[1])
    names = {result["check"] for result in report["results"]}
    assert "hosts.unmatchable" not in names
    assert {name.partition(".")[0] for name in names} == {"hosts"}


@pytest.mark.parametrize(("arguments", "code"), [([], 3), (["--live"], 1)])
def test_connections_are_opened_when_asked(monkeypatch, arguments, code):
    check = Check(name="a.live", severity=Severity.ERROR, judge=failing, needs=frozenset({Need.LIVE}))
    monkeypatch.setattr(registry, "all_checks", lambda: {"a.live": check})
    ended, out = prodcheck(*arguments)
    assert ended == code
    assert ("a.live: needs live, which this run does not have: --live opens" in out) is (not arguments)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--only", "hosts.unmatchabel"], "Did you mean hosts.unmatchable"),
        (["--skip", "zzz"], "neither a check nor a family"),
        (["--list", "--skip", "zzz"], "neither a check nor a family"),
        (["--explain", "hosts"], "hosts is a family"),
        (["--explain", "zzz"], "neither a check nor a family"),
        (["--explain", "hosts.unmatchable", "--only", "hosts"], "--explain takes one check"),
        (["--durations", "--format", "json"], "--durations goes with"),
        (["--durations", "--list"], "--durations goes with"),
        (["--list", "--output", "x.json"], "--output goes with a run"),
        (["--list", "--fail-level", "error"], "--fail-level goes with a run"),
        (["--explain", "hosts.unmatchable", "--root", "."], "--root goes with a run"),
        (["--list", "--live"], "--live goes with a run"),
        (["--explain", ""], "'' is neither a check nor a family"),
        (["--list", "--format", "concise"], "text or json"),
        (["--output", "report.pdf"], "must be one of .txt, .json"),
        (["--output", "nowhere/report.json"], "does not exist"),
        (["--root", "nowhere"], "is not a folder"),
    ],
)
def test_usage_errors_name_what_to_change(arguments, says):
    with pytest.raises(CommandError, match=re.escape(says)) as refused:
        prodcheck(*arguments)
    assert refused.value.returncode == 2


@pytest.mark.parametrize("abbreviated", ["--onl", "--form"])
def test_takes_no_abbreviations(abbreviated):
    with pytest.raises(CommandError, match="unrecognized arguments"):
        prodcheck(abbreviated, "hosts")


def test_list_and_explain_exclude_each_other():
    with pytest.raises(CommandError, match="not allowed with"):
        prodcheck("--list", "--explain", "hosts.unmatchable")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ignore = [{check = 'hosts.unmatchable'}]", "reason is missing"),
        ("ignore = [{check = 'hosts.nothing', reason = 'x'}]", "there is no check hosts.nothing"),
        ("baseline = 'gone.json'", "gone.json"),
        ("colour = 1", "unknown key 'colour'"),
    ],
)
def test_a_malformed_configuration_is_a_usage_error(root, text, says):
    (root / "prodready.toml").write_text(text)
    with pytest.raises(CommandError, match=re.escape(says)) as refused:
        prodcheck()
    assert refused.value.returncode == 2


def test_a_file_that_cannot_be_written(checks, root):
    checks(a__good=passing)
    (root / "report.json").mkdir()
    with pytest.raises(CommandError, match=r"--output report\.json: cannot be written") as refused:
        prodcheck("--output", "report.json")
    assert refused.value.returncode == 2


def printing(facts):
    sys.stdout.write("noise\n")
    return []


def test_what_checks_print_is_no_part_of_the_report(checks, capsys):
    checks(a__loud=printing)
    assert json.loads(prodcheck("--format", "json")[1])["schema"] == 1
    assert capsys.readouterr().err == "noise\n"


def unsound(facts):
    return [3]


def test_a_check_that_yields_no_findings_crashes_alone(checks):
    checks(a__good=passing, b__unsound=unsound)
    code, out = prodcheck("--format", "json")
    results = {result["check"]: result for result in json.loads(out)["results"]}
    assert code == 2
    assert results["a.good"]["outcome"] == "pass"
    assert results["b.unsound"]["outcome"] == "crashed"
    assert results["b.unsound"]["findings"] == []


def test_the_version_is_that_of_the_package(capsys):
    assert prodcheck("--version")[0] == 0
    assert capsys.readouterr().out.strip() == django_prodready.__version__


def test_checks_that_did_not_run_for_one_reason_share_a_line(checks):
    checks(a__one=undecided, a__two=undecided, b__good=passing)
    assert "not run\n  a.one, a.two: the database was needed\n" in prodcheck()[1]
