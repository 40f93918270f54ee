"""Which line gave a setting its value. The line that is meant carries a mark in the source: ``#<``."""

import textwrap

import pytest

from django_prodready.audit.facts.settings_chain import SettingsChain
from django_prodready.reporting.finding import Location


@pytest.fixture
def marked(tmp_path):
    """Write modules; give the chain and the place that is marked ``#<`` among them."""

    def make(text: str, module: str = "s", **more: str) -> tuple[SettingsChain, Location]:
        places = []
        for name, content in {module: text, **more}.items():
            source = textwrap.dedent(content)
            (tmp_path / f"{name}.py").write_text(source)
            lines = source.splitlines()
            places += [Location(f"{name}.py", number) for number, line in enumerate(lines, 1) if "#<" in line]
        assert len(places) == 1
        return SettingsChain(module, root=tmp_path), places[0]

    return make


def assert_origin(marked, text, name, *path, value, **more):
    chain, place = marked(text, **more)
    assert chain.origin(name, *path, value=value) == place


class TestWholeSettings:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("X = f()\nX = f()  #<", 1),
            ("if a:\n    X = 'x'  #<\nelse:\n    X = 'y'", "x"),
            ("if a:\n    X = 'x'\nelse:\n    X = 'y'  #<", "y"),
            ("X = f()  #<\nif a:\n    X = True", False),
            ("X = False  #<\nif a:\n    X = f()", False),
            ("X = False\nif a:\n    X = f()  #<", True),
            ("X = 1  #<", True),
            ("X = True\nif a:\n    X = 1  #<", 1),
            ("X = 'other'  #<", "computed elsewhere"),
            ("X = -1  #<\nif a:\n    X = -2", -1),
            ("X = -f()  #<", -1),
            ("X = None  #<\nif a:\n    X = {'a': 1}", None),
            ("X = a\nX = 'text'  #<\nif b:\n    X = f'{X}?ssl=1'", "text"),
            ("X = 'text'\nif b:\n    X = f'{X}?ssl=1'  #<", "text?ssl=1"),
            ("X = 'text'\nif b:\n    X = X + '?ssl=1' + y()  #<", "text?ssl=1!"),
            ("X = f()  #<\nif b:\n    X = f'{X}'", 3),
            ("X = 1\nX += 2  #<", 3),
            ("X = f()\nif a:\n    X = 1 if b else 2  #<", 2),
            ("X = f()  #<\nif a:\n    X = 1 if b else 2", 3),
            ("X = 1\nX *= 2  #<", 2),
            ("X = 'a'\nX += 'b'  #<", "ab"),
            ("X = Y = f()  #<", 1),
            ("from t import *\nX = 1 #<", 1),
        ],
    )
    def test_scalars(self, marked, text, value):
        assert_origin(marked, text, "X", value=value)

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("X = []\nX += f()  #<", ["a"]),
            ("X = ()\nX += ('a',)  #<", ("a",)),
            ("X = []\nX.append('a')  #<", ["a"]),
            ("X = ['a']  #<\nX += ['b']", ["a", "b"]),
            ("X = ['a', 'b']\nX.remove('b')  #<", ["a"]),
            ("X = ['a', 'b']  #<\nif y:\n    X.remove('b')", ["a", "b"]),
            ("X = []  #<\nif y:\n    X += ['debug']", []),
            ("X = ['a']  #<\nif y:\n    X = ['b']", ["a"]),
            ("X = ['a']  #<\nif y:\n    X = ['a', 'b']", ["a"]),
            ("X = ['a', *y]  #<\nif y:\n    X = 'no list'", ["a", "b"]),
            ("X = {'a'}  #<\nif y:\n    X = {'a': 1}", {"a"}),
            ("X = ['a']\nif y:\n    X = f()  #<", {"a"}),
            ("if y:\n    X = ['a']  #<", "a string"),
            ("X = f()\nif y:\n    X = []  #<", []),
        ],
    )
    def test_lists(self, marked, text, value):
        assert_origin(marked, text, "X", value=value)

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("X = {'a': 1}  #<\nX['b'] = 2", {"a": 1, "b": 2}),
            ("X = {}\nX['b'] = f()  #<", {"b": 2}),
            ("X = {}  #<\nif y:\n    X['b'] = f()", {}),
            ("X = dict()\nX['b'] = 2  #<", {"b": 2}),
            ("X = {'a': 1}  #<\nX.update(b=2)", {"a": 1, "b": 2}),
            ("X = {'a': 1}  #<\nX.update(**more)", {"a": 1, "b": 2}),
            ("X = {'a': 1}  #<\nX['b'].append(1)", {"a": 1, "b": [1]}),
            ("if y:\n    X = {'a': f()}\nelse:\n    X = {'b': f()}  #<\nX['c'] = 1", {"b": 1, "c": 1}),
            (
                "if y:\n    X = {'a': {'e': 'pg', 'n': f()}}  #<\nelse:\n    X = {'a': {'e': 'sqlite'}}",
                {"a": {"e": "pg", "n": 1}},
            ),
            ("X = {'a': 1, **more}  #<\nif y:\n    X = {'a': 2, **more}", {"a": 1, "b": 2}),
            ("X = {f(): 1}  #<\nif y:\n    X = {'a': 2}", {"b": 1}),
            ("X = dict(a=1)  #<\nif y:\n    X = dict(a=2)", {"a": 1}),
            ("X = other(a=1)  #<", {"a": 1}),
            ("X = {'a': 1}  #<\nif y:\n    X = {'a': 1, 'b': 2}", {"a": 1}),
            ("X = {'a': [{}, {'x': 1}]}  #<\nX['a'][1]['y'] = 2", {"a": [{}, {"x": 1, "y": 2}]}),
            ("X = {'a': 1}  #<\nX[f()]['y'] = 2", {"a": 1, "b": 2}),
            ("X = f()  #<\nX['a']['b']['c'] = 2", {"a": 1}),
        ],
    )
    def test_dicts(self, marked, text, value):
        assert_origin(marked, text, "X", value=value)

    def test_what_django_fills_into_databases_is_no_contradiction(self, marked):
        text = """
            if local:
                DATABASES = {"default": {"ENGINE": "sqlite"}}
            elif other:
                DATABASES = {"default": {"ENGINE": "pg", "NAME": "x"}}  #<
            else:
                DATABASES = {"default": {"ENGINE": "pg", "NAME": "y"}}
        """
        value = {"default": {"ENGINE": "pg", "NAME": "x", "CONN_MAX_AGE": 0, "TEST": {"NAME": None}}}
        assert_origin(marked, text, "DATABASES", value=value)

    def test_urls_that_django_rewrites_are_not_compared(self, marked):
        assert_origin(marked, "STATIC_URL = 'static/'  #<", "STATIC_URL", value="/app/static/")

    def test_a_merge_into_the_whole_is_hidden_from_what_was_before(self, marked):
        text = """
            X = {"a": 1}  #<
            if other:
                X = {"a": 2}
            X.update(b=2)
            X.update(c={"d": 3})
            X["c"].update(e=4)
        """
        assert_origin(marked, text, "X", value={"a": 1, "b": 2, "c": {"d": 3, "e": 4}})

    def test_without_a_value_changes_further_down_are_not_the_assignment(self, tmp_path):
        (tmp_path / "s.py").write_text(
            "X = {'a': {}}\nX['a']['b'] = 1\nX['a'].update(c=1)\nL = [1]\nL += [2]\n"
        )
        assert SettingsChain("s", root=tmp_path).origin("L") == Location("s.py", 4)
        assert SettingsChain("s", root=tmp_path).origin("X") == Location("s.py", 1)

    def test_without_a_value_the_last_assignment_is_meant(self, tmp_path):
        (tmp_path / "s.py").write_text("X = 1\nX = 2\n")
        assert SettingsChain("s", root=tmp_path).origin("X") == Location("s.py", 2)

    def test_a_name_that_only_a_mutation_shows(self, marked):
        assert_origin(marked, "apply(globals())\nX['a'] = 1  #<", "X", value={"a": 1, "b": 2})


class TestInsideDicts:
    @pytest.mark.parametrize(
        "text",
        [
            """
            D = {"default": {
                "AGE": 60,  #<
            }}
            """,
            """
            D = {
                "default": dict(
                    NAME="x",
                    AGE=f(),  #<
                )
            }
            """,
            """
            D = {"default": {"AGE": 0}}
            D["default"]["AGE"] = 60  #<
            """,
            """
            D = {"default": {"AGE": 0}}
            D["default"].update({"AGE": 60})  #<
            """,
            """
            D = {"default": {"AGE": 0}}
            D["default"] |= {"AGE": 60}  #<
            """,
            """
            D = {"default": f()}
            D["default"].update(AGE=60)  #<
            """,
            """
            D = {"default": f()}
            for alias in D:
                D[alias]["AGE"] = 60  #<
            """,
            """
            D = {}
            D["default"] = f(AGE=60)  #<
            """,
            """
            D = {
                "default": f(AGE=60),  #<
            }
            """,
            """
            D = {"default": {"NAME": "x"}}
            D["default"].update(f())  #<
            """,
            """
            D = {"default": {"NAME": "x"}}
            D.update(f())  #<
            """,
            """
            D = {"default": {
                "AGE": 60,  #<
            }}
            D["default"].update(f())
            """,
            """
            D = {"default": {
                "AGE": 60,  #<
            }}
            D["default"].update(NAME="x")
            """,
            """
            D = {"default": {
                "AGE": 60,  #<
            }}
            D["other"] = {"AGE": 60}
            """,
            """
            D = {"default": {
                "AGE": 60,  #<
            }}
            if debug:
                D["default"].update({"AGE": 5})
            """,
            """
            D = {"default": {
                "AGE": 60,  #<
            }}
            if debug:
                D["default"]["AGE"] = 5
            """,
            """
            D.setdefault("default", {})["AGE"] = 60  #<
            """,
            """
            D["default"].setdefault("AGE", 60)  #<
            """,
            """
            COMMON = {
                "AGE": 60,  #<
            }
            D = {"default": COMMON}
            """,
            """
            COMMON = {
                "AGE": 60,  #<
            }
            D = {"default": {"NAME": "x", **COMMON}}
            """,
            """
            COMMON = {"AGE": 5}
            D = {"default": {"NAME": "x",
                **f(),  #<
                **COMMON,
            }}
            """,
            """
            COMMON = {}
            D = {"default": {
                **{"AGE": 60},  #<
                "NAME": "x", **COMMON
            }}
            """,
            """
            D = {"default": {"NAME": "x",
                key(): 60,  #<
            }}
            """,
            """
            D = {"default": {
                "AGE": 60,  #<
            } if pg else {
                "AGE": 5,
            }}
            """,
            """
            D = {"default": {
                "AGE": 5,
            } if pg else {
                "AGE": 60,  #<
            }}
            """,
            """
            if pg:
                D = {"default": {"NAME": f(),
                    "AGE": 60}}  #<
            else:
                D = {"default": {"NAME": f(), "AGE": 0}}
            """,
        ],
    )
    def test_a_key(self, marked, text):
        assert_origin(marked, text, "D", "default", "AGE", value={"default": {"AGE": 60, "NAME": "x"}})

    def test_a_key_that_the_value_lacks_stays_at_the_last_one_there(self, marked):
        text = 'D = {\n    "default": {  #<\n        "NAME": "x",\n    },\n}\n'
        value = {"default": {"NAME": "x"}}
        assert_origin(marked, text, "D", "default", "AGE", value=value)
        assert_origin(marked, text, "D", "default", "NAME", "deeper", value={"default": {"NAME": "y"}})

    def test_a_key_that_the_source_does_not_show_stays_at_the_last_one_shown(self, marked):
        text = 'D = {\n    "default": {  #<\n        "NAME": "x",\n    },\n}\n'
        assert_origin(
            marked, text, "D", "default", "CONN_MAX_AGE", value={"default": {"NAME": "x", "CONN_MAX_AGE": 0}}
        )

    def test_without_a_value_the_source_alone_decides(self, tmp_path):
        (tmp_path / "s.py").write_text('D = {\n  "a": {\n    "b": 1,\n  },\n}\n')
        chain = SettingsChain("s", root=tmp_path)
        assert chain.origin("D", "a", "b") == Location("s.py", 3)
        assert chain.origin("D", "a", "c") == Location("s.py", 2)

    def test_a_replaced_dict_hides_what_was_before(self, marked):
        text = """
            D = {"default": {"AGE": f()}}
            D["default"]["AGE"] = f()
            D = {
                "default": g(),  #<
            }
        """
        assert_origin(marked, text, "D", "default", "AGE", value={"default": {"AGE": 1}})


class TestInsideLists:
    HOSTS = ("a.example", "b.example", "c.example")

    @pytest.mark.parametrize(
        ("text", "position"),
        [
            ('H = [\n "a.example",\n "b.example",  #<\n "c.example"]', 1),
            ('H = [\n "b.example",\n "a.example",  #<\n "c.example"]\nH.sort()', 0),
            ('H = [\n "a.example"]\nH += ["b.example"]\nH.append("c.example")  #<', 2),
            ('H = ["b.example", "c.example"]\nH.insert(0, "a.example")  #<', 0),
            ('H = ["a.example", "c.example"]\nH[1:1] = ["b.example"]  #<', 1),
            ('H = ["a.example"] + [\n "b.example",  #<\n] + ["c.example"]', 1),
            ('H = ["a.example"]\nH = H + [\n "b.example",  #<\n] + ["c.example"]', 1),
            ('H = ["a.example"]  #<\nH = H + ["b.example"] + ["c.example"]', 0),
            ('H = ["a.example"]  #<\nH = [*H, "b.example", "c.example"]', 0),
            ('H = ["a.example",\n *f(),\n "c.example"]  #<', 2),
            ('H = ["a.example",\n *f(),  #<\n "c.example"]', 1),
            ('H = ["a.example"]\nH += f()  #<', 2),
            ('H = ["a.example"]  #<\nH += f()', 0),
            ("H = f()  #<", 1),
            ('H = (\n"a.example",\n name,  #<\n "c.example")', 1),
            ('H = list((\n "a.example",\n "b.example",  #<\n "c.example"))', 1),
            ('H = ["a.example", "b.example"]\nH += [name]  #<', 2),
            ('A = ["a.example"]\nB = ["b.example", "c.example"]  #<\nH = A + B', 2),
            ('A = ["a.example"]\nB = make()\nH = (A\n + B)  #<', 2),
            (
                'H = ["a.example", "b.example"]\nif debug:\n    H += ["d"]\nH.extend(["c.example"])  #<',
                2,
            ),
            ('H = ["a.example", "b.example", "c.example", "z"]  #<\nH.remove("z")', 1),
            ('H = ["z", "a.example", "b.example", "c.example"]  #<\nH.remove("z")', 0),
            ('H = ["a.example"] if x else f()  #<\nH.extend(["b.example", "c.example"])', 0),
            ('if x:\n    H = ["a.example", "b.example", "c.example"]  #<\nelse:\n    H = ["a.example"]', 0),
        ],
    )
    def test_an_element(self, marked, text, position):
        assert_origin(marked, text, "H", position, value=list(self.HOSTS))

    def test_one_that_nothing_shows_stays_at_the_list(self, marked):
        assert_origin(marked, 'H = ["a"]  #<\napply(x)', "H", 1, value=["a", "b"])

    @pytest.mark.parametrize(
        "text",
        [
            """
            FIRST = [f()]
            FIRST[0]["a"] = 1  #<
            X = [*FIRST]
            """,
            """
            ENGINE = {}
            ENGINE["a"] = f()  #<
            ENGINE["d"] = f()
            X = [ENGINE]
            """,
            """
            OLD = {}
            X = {"k": {"a": f()}}
            X = [f()]
            X[0].update(f())
            X[0]["a"] = 1  #<
            X[0]["b"] = 1
            """,
            """
            X = [{"b": 2}]
            X[0].update(a=1)  #<
            X[0]["c"] = 3
            X.remove(f())
            """,
            """
            X[:], y = f()  #<
            """,
            """
            X = [{
                "a": 1,  #<
            }]
            X[0].update(c=f())
            X[0].update(f())
            """,
            """
            X = [{
                "a": 1,  #<
            }]
            X[0]["b"], X[0]["c"] = f()
            """,
        ],
    )
    def test_a_key_in_an_element_that_changes(self, marked, text):
        assert_origin(marked, text, "X", 0, "a", value=[{"a": 1, "b": 2, "c": 3}])

    def test_without_a_value_the_position_alone_decides(self, tmp_path):
        (tmp_path / "s.py").write_text('H = [\n "a",\n "b",\n]\nG = [*x,\n "b"]\nF = ["a"]\n')
        chain = SettingsChain("s", root=tmp_path)
        assert chain.origin("H", 1) == Location("s.py", 3)
        assert chain.origin("G", 1) == Location("s.py", 5)
        assert chain.origin("F", 3) == Location("s.py", 7)

    @pytest.mark.parametrize(
        "text",
        [
            """
            TEMPLATES = [{
                "BACKEND": "django",
                "OPTIONS": {
                    "debug": True,  #<
                },
            }]
            """,
            """
            TEMPLATES = [{"BACKEND": "django", "OPTIONS": {}}]
            TEMPLATES[0]["OPTIONS"]["debug"] = True  #<
            """,
            """
            TEMPLATES += [{"BACKEND": "django", "OPTIONS": {
                "debug": True  #<
            }}]
            """,
            """
            ENGINE = {"BACKEND": "django", "OPTIONS": {
                "debug": True  #<
            }}
            TEMPLATES = [ENGINE]
            """,
        ],
    )
    def test_a_dict_in_a_list(self, marked, text):
        value = [{"BACKEND": "django", "OPTIONS": {"debug": True}}]
        assert_origin(marked, text, "TEMPLATES", 0, "OPTIONS", "debug", value=value)

    def test_an_element_that_another_name_holds_in_a_list(self, marked):
        text = """
            FIRST = [{"a": 1}]
            SECOND = [{
                "a": 2,  #<
            }]
            X = [*FIRST, *SECOND]
        """
        assert_origin(marked, text, "X", 1, "a", value=[{"a": 1}, {"a": 2}])

    def test_a_module_that_lends_the_list(self, marked):
        text = "from t import *\nX = base.X + ['b']\n"
        assert_origin(marked, text, "X", 0, value=["a", "b"], t="X = ['a']  #<\n")


class TestGuide:
    """The settings that a much-copied deployment guide ends with, in miniature."""

    BASE = """
        import environ
        env = environ.Env(DEBUG=(bool, True))
        DEBUG = env("DEBUG")
        ALLOWED_HOSTS = [h.strip() for h in env("ALLOWED_HOSTS", default="").split(",")]
        MIDDLEWARE = [
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
        ]
        DATABASES = {"default": env.db("DATABASE_URL", default="sqlite:///db.sqlite3")}
        EMAIL_BACKEND = env("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
        WHITENOISE_MAX_AGE = 31536000  # 1 year
        REDIS_URL = env("REDIS_URL")
        CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": REDIS_URL}}
        CELERY_BROKER_URL = REDIS_URL
    """
    MIDDLEWARE = (
        "django.middleware.security.SecurityMiddleware",
        "whitenoise.middleware.WhiteNoiseMiddleware",
    )
    CACHES = {  # noqa: RUF012 - read only
        "default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://"}
    }
    PRODUCTION = """
        from .base import *
        DEBUG = False
        TEMPLATE_DEBUG = False
        ALLOWED_HOSTS = env.list('ALLOWED_HOSTS', default=[])
        if not ALLOWED_HOSTS:
            raise ValueError("ALLOWED_HOSTS must be set")
        SECURE_SSL_REDIRECT = env.bool('SECURE_SSL_REDIRECT', default=True)
        SECURE_BROWSER_XSS_FILTER = True
        CONN_MAX_AGE = 600
        if EMAIL_BACKEND == 'django.core.mail.backends.console.EmailBackend':
            raise ValueError("EMAIL_BACKEND must be set")
    """

    @pytest.mark.parametrize(
        ("name", "path", "value", "place"),
        [
            ("DEBUG", (), False, "production:3"),
            ("TEMPLATE_DEBUG", (), False, "production:4"),
            ("ALLOWED_HOSTS", (1,), ["a.example", " b.example"], "production:5"),
            ("SECURE_SSL_REDIRECT", (), True, "production:8"),
            ("SECURE_BROWSER_XSS_FILTER", (), True, "production:9"),
            ("CONN_MAX_AGE", (), 600, "production:10"),
            ("WHITENOISE_MAX_AGE", (), 31536000, "base:12"),
            ("MIDDLEWARE", (1,), MIDDLEWARE, "base:8"),
            ("DATABASES", ("default", "CONN_MAX_AGE"), {"default": {"CONN_MAX_AGE": 0}}, "base:10"),
            ("CACHES", ("default", "LOCATION"), CACHES, "base:14"),
            ("CELERY_BROKER_URL", (), "redis://", "base:15"),
        ],
    )
    def test_origins(self, tmp_path, name, path, value, place):
        folder = tmp_path / "src" / "obc" / "settings"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("from .base import *\n")
        (folder / "base.py").write_text(textwrap.dedent(self.BASE))
        (folder / "production.py").write_text(textwrap.dedent(self.PRODUCTION))
        chain = SettingsChain("obc.settings.production", root=tmp_path)
        file, line = place.split(":")
        assert chain.origin(name, *path, value=value) == Location(f"src/obc/settings/{file}.py", int(line))
        assert chain.origin("SECURE_HSTS_SECONDS", value=0) is None
        assert chain.loads >= {"REDIS_URL", "ALLOWED_HOSTS", "EMAIL_BACKEND"}
        assert not chain.loads & {"TEMPLATE_DEBUG", "CONN_MAX_AGE"}
