"""Database URLs: the dialect of dj-database-url, and an error wherever that one guesses."""

from urllib.parse import quote

import dj_database_url
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from django_prodready.settings.environment.invalid import Invalid
from django_prodready.settings.environment.kinds import database

UNESCAPED = (
    "the user name and the password must be percent-encoded"
    " (# is %23, @ is %40, / is %2F, ? is %3F, [ is %5B, ] is %5D, % is %25)"
)

SERVERS = sorted(set(dj_database_url.ENGINE_SCHEMES) - {"sqlite", "spatialite"})
HOSTS = st.sampled_from(
    ["db", "DB.internal", "my_db", "10.0.0.7", "[::1]", "[2001:db8::9]", "[fe80::1%25eth0]", "one,two"]
) | st.sampled_from(["/var/run/postgresql", "/cloudsql/Project:region:name"]).map(
    lambda path: quote(path, safe="")
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
OPTIONS = st.lists(
    st.tuples(
        st.sampled_from(["sslmode", "ssl-ca", "options", "currentSchema", "connect_timeout", "pool"]),
        st.sampled_from(["true", "False", "0", "30", "require", "-c search_path=a,b"])
        # "\u00b2" is a digit of no number: an error there as here.
        | TEXTS.filter(lambda value: value.isdecimal() or not value.isdigit()),
    ),
    max_size=4,
)


@st.composite
def sound_urls(draw):
    """Return a URL of a server, made of random parts that are percent-encoded."""
    userinfo = quote(draw(TEXTS), safe="")
    if draw(st.booleans()):
        userinfo += ":" + quote(draw(TEXTS), safe="")
    port = draw(st.none() | st.integers(1, 65535))
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in draw(OPTIONS))
    return "".join(
        (
            draw(st.sampled_from(SERVERS)) + "://",
            f"{userinfo}@" if userinfo else "",
            draw(HOSTS),
            "" if port is None else f":{port}",
            "/" + quote(draw(TEXTS.filter(bool)), safe=draw(st.sampled_from(["", "/"]))),
            f"?{query}" if query else "",
        )
    )


@settings(max_examples=150, deadline=None)
@given(sound_urls())
@example("postgres://u:%F0%9F%94%91@h:5432/d%C3%A9?currentSchema=0")
@example("mysql://u:p@h/db?ssl-ca=")
@example("postgres://u:p@h/db?pool=1&pool=true&pool=x")
def test_parts_that_are_percent_encoded_give_the_entry_of_dj_database_url(url):
    assert database(url) == dj_database_url.parse(url)


@pytest.mark.parametrize("scheme", dj_database_url.ENGINE_SCHEMES)
def test_every_scheme_is_known_and_no_other(scheme):
    place = "" if scheme in ("sqlite", "spatialite") else "u:p@h:1521"
    for spelling in (scheme, scheme.upper()):
        url = f"{spelling}://{place}/name?ssl-ca=a&currentSchema=b&sslmode=c"
        assert database(url) == dj_database_url.parse(url)
    with pytest.raises(Invalid, match=r"^unknown scheme"):
        database(f"{scheme}x://{place}/name")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite://:memory:",
        "sqlite:///:memory:",
        "sqlite:///db.sqlite3",
        "sqlite:////srv/data/db.sqlite3",
        "sqlite:////home/me@work/my%20db.sqlite3?timeout=20&transaction_mode=IMMEDIATE",
        "spatialite:////srv/geo.db",
        "postgres:///name",
        "postgres://u@/name",
        "postgres://:p@h/name",
        "postgres://u:@h/name",
        "postgres://u:p:q!$&'()*+,;=~|é@h/name",
        "postgres://%2Fvar%2Frun%2Fpostgresql/name",
        "postgres://u:p@one,two:5432/name?target_session_attrs=read-write",
        "postgres://?service=main",
        "postgres://u:p@h?service=main",
        "mysql:///name",
        "mysql://?read_default_file=/etc/my.cnf",
        "oracle://u:p@/h:1521/service",
        "mssql://?dsn=main",
        "postgres://u:p@h:00080/name",
        "postgres://u:p@h/name?",
        "postgres://u:p@h/name?flag&empty=&n=007",
        "postgres://u:p@h/50%",
        "postgres://u:p@h/name?a=50%",
        "postgres://u:p@h/name?n=\u0663",
        "postgis://u:p@[::ffff:10.0.0.7]:5432/name",
    ],
)
def test_urls_that_move_over_unchanged(url):
    for options in ({}, {"conn_max_age": None, "ssl_require": True}):
        assert database(url, **options) == dj_database_url.parse(url, **options)


@settings(max_examples=30, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "engine": st.sampled_from(["", "django_tenants.postgresql_backend"]),
            "conn_max_age": st.none() | st.integers(0, 600),
            "conn_health_checks": st.booleans(),
            "disable_server_side_cursors": st.booleans(),
            "ssl_require": st.booleans(),
            "test_options": st.sampled_from([{}, {"NAME": "test"}]),
        },
    )
)
def test_the_keywords_are_those_of_dj_database_url(options):
    for url in ("postgres://u:p@h/name", "postgres://u:p@h/name?sslmode=disable", "sqlite://:memory:"):
        assert database(url, **options) == dj_database_url.parse(url, **options)


SOUP = st.lists(
    st.sampled_from(":/@#?[]%&=,. \n'0hup\u00b2\udcff\u2100")
    | st.sampled_from(
        ["postgres", "mysql", "sqlite", "POSTGRES", "://", "//", "[::1]", "::1", "5432", "service=1"]
    )
    | st.sampled_from(["%40", "%00", "%C3", "%zz", ":memory:", "sslmode=true"]),
    max_size=14,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(
    SOUP
    | st.tuples(st.sampled_from(["postgres://", "sqlite:///", "mysql://u:p@"]), SOUP).map("".join)
    | st.text()
)
@example("postgres://u:p@[::1/name")
@example("postgres://u:p@h\u2100/name")
@example("postgres://u:p@h/name?n=\u00b2")
@example("postgres://u:p@h/name?n=" + "9" * 5000)
@example("postgres://u:p@h:" + "9" * 5000 + "/name")
def test_any_text_is_invalid_or_what_dj_database_url_makes_of_it(text):
    try:
        ours = database(text)
    except Invalid:
        return
    foreign = dj_database_url.parse(text)
    assert ours == foreign
    assert all(type(ours[key]) is type(value) for key, value in foreign.items())


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="%"), min_size=1, max_size=12
    ).filter(lambda password: set(password) & set("#?/@[]")),
    st.sampled_from(SERVERS),
    st.sampled_from([":5432", ""]),
)
@example("p@ss#w/rd", "postgres", ":5432")
@example("5432/x", "postgres", "")
@example("@", "postgres", "")
def test_an_unescaped_password_is_named_as_such(password, scheme, port):
    for user in ("u", ""):
        with pytest.raises(Invalid) as raised:
            database(f"{scheme}://{user}:{password}@h{port}/name")
        assert raised.value.rule == UNESCAPED


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("postgres://u:p@ss#w/rd@h:5432/db", UNESCAPED),
        ("postgres://u:p@ss#w/rd%zz@h:5432/db", UNESCAPED),
        ("postgres://u:100%@h/db", UNESCAPED),
        ("postgres://u:100%x1@h/db", UNESCAPED),
        ("postgres://a@b:p@h/db", UNESCAPED),
        ("postgres:///u:p@h/db", UNESCAPED),
        ("postgres://u:p@h/db?user=a@b", UNESCAPED),
        ("postgres://u:p@h/db#x", "expected # to be percent-encoded, as %23: what follows it would be lost"),
        ("sqlite:///a#b", "expected # to be percent-encoded, as %23: what follows it would be lost"),
        ("postgres://u:p@h:port/db", "expected a numeric port, 1 to 65535, after the host and a colon"),
        ("postgres://u:p@h:/db", "expected a numeric port, 1 to 65535, after the host and a colon"),
        ("postgres://u:p@h:0/db", "expected a numeric port, 1 to 65535, after the host and a colon"),
        ("postgres://u:p@h:65536/db", "expected a numeric port, 1 to 65535, after the host and a colon"),
        ("postgres://u:p@h:\u0665/db", "expected a numeric port, 1 to 65535, after the host and a colon"),
        ("postgres://u:p@a:1,b:2/db", "expected a numeric port, 1 to 65535, after the host and a colon"),
        ("postgres://u:p@[::1]5432/db", "expected an IPv6 address as the host in brackets"),
        ("postgres://u:p@h:5432", "expected the name of the database after the host and a slash"),
        ("postgres://u:p@h:5432/", "expected the name of the database after the host and a slash"),
        ("spatialite:///", "expected the name of the database after the host and a slash"),
        ("redshift://u:p@/db", "expected a host"),
        ("cockroach:///db", "expected a host"),
        ("mssql:///db", "expected a host"),
        ("postgres://u:p@${DB_HOST}/db", "expected a host name or an address as the host"),
        ("postgres://u:p@<host>/db", "expected a host name or an address as the host"),
        ("postgres://u:p@a,/db", "expected a host name or an address as the host"),
        ("postgres://u:p@h\u2100/db", "expected a host name or an address as the host"),
        ("postgres://u:p@[::1/db", "expected a host name or an address as the host"),
        ("postgres://u:p@[v1.a]/db", "expected an IPv6 address as the host in brackets"),
        ("postgres://u:p@[fe80::1%25]/db", "expected an IPv6 address as the host in brackets"),
        ("postgres://u:p@[::1::]/db", "expected a host name or an address as the host"),
        (
            "sqlite://db.sqlite3",
            "expected no host: a relative path follows sqlite:/// and an absolute one sqlite:////",
        ),
        ("'postgres://u:p@h/db'", "expected a URL without quotes around it"),
        ("postgres://u:p@h/db ", "expected a URL without blanks and control characters (a blank is %20)"),
        ("postgres://u:p@h/d\x00b", "expected a URL without blanks and control characters (a blank is %20)"),
        (
            "postgres://u:p\u200b@h/db",
            "expected a URL without blanks and control characters (a blank is %20)",
        ),
        ("postgres://u:p@h/d%00b", "expected percent-encoded UTF-8 without NUL"),
        ("postgres://u:%FF@h/db", "expected percent-encoded UTF-8 without NUL"),
        ("postgres://u:\udcff@h/db", "expected text in UTF-8"),
        ("postgres://u:p@h/db?n=\u00b2", "expected options of text or of numbers in plain digits"),
    ],
)
def test_a_url_that_is_wrong_is_refused_with_its_rule(url, rule):
    with pytest.raises(Invalid) as raised:
        database(url)
    assert raised.value.rule == rule
    assert raised.value.__context__ is None


@pytest.mark.parametrize(
    ("url", "begins"),
    [
        ("", "expected a URL that begins with a scheme and ://; known schemes: cockroach, mssql, "),
        ("hunter2", "expected a URL that begins with a scheme and ://; known schemes: cockroach, mssql, "),
        ("sqlite:db", "expected a URL that begins with a scheme and ://; known schemes: cockroach, mssql, "),
        ("postgers://u:p@h/db", "unknown scheme (is postgres:// meant?); known schemes: cockroach, mssql, "),
        ("hunter2://u:p@h/db", "unknown scheme; known schemes: cockroach, mssql, "),
    ],
)
def test_an_unknown_scheme_is_answered_with_those_that_are_known(url, begins):
    with pytest.raises(Invalid) as raised:
        database(url)
    assert raised.value.rule.startswith(begins)
    assert "hunter2" not in raised.value.rule
