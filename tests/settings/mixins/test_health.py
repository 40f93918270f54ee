"""Health: the middleware first, tokens and drain in PRODREADY."""

from django_prodready.settings import Health
from django_prodready.settings.middleware_order import HEALTH


def test_the_middleware_is_first_and_a_stop_is_drained(applied):
    found = applied(Health, module={"MIDDLEWARE": ["a.B"]})

    assert found["MIDDLEWARE"] == [HEALTH, "a.B"]
    assert found["PRODREADY"] == {"DRAIN_SECONDS": 5.0}


def test_tokens_and_seconds_come_from_the_environment(applied):
    found = applied(Health, environ={"HEALTH_TOKENS": "abc1234, def5678", "DRAIN_SECONDS": "0"})

    assert found["PRODREADY"] == {"DRAIN_SECONDS": 0.0, "HEALTH_TOKENS": ["abc1234", "def5678"]}
    assert "HEALTH_TOKENS" not in found


def test_what_the_project_set_stays_unless_the_environment_speaks(applied):
    module = {"PRODREADY": {"DRAIN_SECONDS": 20, "HEALTH_TOKENS": ["mine"], "VERSION": "1"}}

    assert applied(Health, module=module)["PRODREADY"] == module["PRODREADY"]
    assert applied(Health, module=module, environ={"HEALTH_TOKENS": "abc1234"})["PRODREADY"] == {
        "DRAIN_SECONDS": 20,
        "HEALTH_TOKENS": ["abc1234"],
        "VERSION": "1",
    }


def test_tokens_in_lines_are_told(problems, tmp_path):
    (tmp_path / "tokens").write_text("abc1234\ndef5678\n")

    [(variable, _)] = problems(Health, environ={"HEALTH_TOKENS_FILE": str(tmp_path / "tokens")})

    assert variable == "HEALTH_TOKENS_FILE"


def test_wrong_values_are_told(problems):
    assert [
        name for name, _ in problems(Health, environ={"DRAIN_SECONDS": "-1", "HEALTH_TOKENS": "changeme"})
    ] == [
        "DRAIN_SECONDS",
        "HEALTH_TOKENS",
    ]
