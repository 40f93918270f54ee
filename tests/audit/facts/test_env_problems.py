import pytest

from django_prodready.audit.facts.env_problems import Kind, refused, target_of
from django_prodready.settings import SettingsError, SettingsMixin, env, option
from django_prodready.settings.environment.problems import MISSING, Problem


class Shop(SettingsMixin):
    HARD = option(False, help="How.")
    KEY: str = env.secret("SHOP_KEY")
    URL: str = env.database("SHOP_URL", default={})
    WORKERS: int = env.int("WORKERS", default=1)
    USE_TLS: bool = env.bool("USE_TLS", default=True)

    def transform(self, draft):
        if not self.USE_TLS:
            draft.refuse("USE_TLS", "off, so the password would be sent in clear")
            draft.refuse("BOTTOM", "must be above the top")
            draft.missing("STATIC_ROOT")


def problem_kinds(**environ):
    environ = {
        name: value for name, value in {"SHOP_KEY": "q8Wm2Xc7Vb4Nz9", **environ}.items() if value is not None
    }
    with pytest.raises(SettingsError) as caught:
        Shop.apply({"__name__": "conf"}, environ)
    return {problem.variable: kind for kind, problem in refused(caught.value)}


def test_kinds_of_what_the_reader_says(tmp_path):
    (tmp_path / "blank").write_text("q8Wm2Xc7Vb4Nz9\n\n")
    (tmp_path / "empty").write_text("")
    (tmp_path / "binary").write_bytes(b"\xff")
    nowhere = str(tmp_path / "nowhere")
    assert problem_kinds(SHOP_KEY=None) == {"SHOP_KEY": Kind.MISSING}
    assert problem_kinds(SHOP_KEY_FILE=nowhere) == {"SHOP_KEY": Kind.VALUE_AND_FILE}
    for name in ("nowhere", "empty", "binary"):
        kinds = problem_kinds(SHOP_KEY=None, SHOP_KEY_FILE=str(tmp_path / name))
        assert kinds == {"SHOP_KEY_FILE": Kind.FILE}
    assert problem_kinds(SHOP_KEY="q8Wm2Xc7Vb4Nz9 ") == {"SHOP_KEY": Kind.WHITESPACE}
    assert problem_kinds(SHOP_KEY=None, SHOP_KEY_FILE=str(tmp_path / "blank")) == {
        "SHOP_KEY_FILE": Kind.WHITESPACE
    }
    assert problem_kinds(SHOP_KEY="changeme") == {"SHOP_KEY": Kind.PLACEHOLDER}
    assert problem_kinds(SHOP_URL="postgres://u:changeme@h/d") == {"SHOP_URL": Kind.PLACEHOLDER}
    assert problem_kinds(WORKERS="many") == {"WORKERS": Kind.INVALID}
    assert problem_kinds(PRODREADY_BUILD="1") == {"PRODREADY_BUILD": Kind.BUILD}
    assert problem_kinds(PRODREADY_BUILD="perhaps") == {"PRODREADY_BUILD": Kind.INVALID}


def test_what_a_class_refuses():
    assert problem_kinds(USE_TLS="no") == {
        "USE_TLS": Kind.INVALID,
        "BOTTOM": Kind.CLASS,
        "STATIC_ROOT": Kind.CLASS,
    }


def test_field_of_the_module_itself():
    with pytest.raises(SettingsError) as caught:
        Shop.apply({"__name__": "conf", "RATE": env.int("RATE")}, {"SHOP_KEY": "q8Wm2Xc7Vb4Nz9"})
    ((kind, problem),) = refused(caught.value)
    assert (kind, problem.variable) == (Kind.MISSING, "RATE")


def test_error_that_nothing_raised():
    problems = [
        Problem(variable="A", rule=MISSING, mixin="Shop"),
        Problem(variable="B", rule="expected a number"),
    ]
    assert [kind for kind, _ in refused(SettingsError(problems))] == [Kind.MISSING, Kind.INVALID]


@pytest.mark.parametrize("error", [None, ValueError("a"), RuntimeError("b")])
def test_other_errors(error):
    assert refused(error) == ()


def test_target():
    assert target_of(Problem(variable="A", rule="")) == ""
    assert target_of(Problem(variable="A", rule="", mixin="Shop")) == " (for Shop)"
    assert target_of(Problem(variable="A", rule="", setting="B", mixin="Shop")) == " (for B of Shop)"
    assert target_of(Problem(variable="A", rule="", setting="B")) == " (for B)"
