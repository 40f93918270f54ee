import base64
import random

import pytest

from django_prodready.audit import Severity
from django_prodready.audit.facts.secret_tokens import tokens_in, will_be_searched

CHARACTERS = "q8Wm2Xc7Vb4Nz9Lk1Jh6Gf3Ds5Ap0YtRuEoIiTgBnHmJ" * 3
CAPITALS = "Q7WM2XC6VB4NZ5LK3JHGFD"
PEM = "-----BEGIN {}PRIVATE KEY-----"
BODY = base64.b64encode(random.Random(1).randbytes(48)).decode()

TOKENS = {
    "AKIA": "AKIA" + CAPITALS[:16],
    "sk_live_": "sk_live_" + CHARACTERS[:24],
    "rk_live_": "rk_live_" + CHARACTERS[:24],
    "ghp_": "ghp_" + CHARACTERS[:36],
    "github_pat_": "github_pat_" + CHARACTERS[:22] + "_" + CHARACTERS[:59],
    "glpat-": "glpat-" + CHARACTERS[:20],
    "xoxb-": "xoxb-739284651928-7392846519281-" + CHARACTERS[:24],
    "xoxp-": "xoxp-739284651928-7392846519281-" + CHARACTERS[:24],
    "hooks.slack.com/": f"https://hooks.slack.com/services/T{CAPITALS[:8]}/B{CAPITALS[:8]}/{CHARACTERS[:24]}",
    "SG.": f"SG.{CHARACTERS[:22]}.{CHARACTERS[:43]}",
    "AIza": "AIza" + CHARACTERS[:35],
}
KEYS = [
    f"{PEM.format('')}\n{BODY}\n",
    f"{PEM.format('RSA ')}\n{BODY}\n",
    f"{PEM.format('OPENSSH ')}\r\n{BODY}\n",
    f"{PEM.format('RSA ')}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES\n\n{BODY}\n",
    f'"{PEM.format("EC ")}\\n{BODY}"',
    f'KEY = (\n    "{PEM.format("")}\\n"\n    "{BODY}"\n)\n',
]


@pytest.mark.parametrize(("prefix", "token"), TOKENS.items())
@pytest.mark.parametrize("around", ["{}", 'KEY = "{}"\n', "key: {}\n", "export KEY={} # a\n"])
def test_tokens(prefix, token, around):
    (found,) = tokens_in(f"\n{around.format(token)}".encode())
    assert found.line == 2
    assert found.shape.shown.startswith(prefix)
    assert len(found.shape.shown) <= len(prefix) + 1
    assert found.shape.severity is (Severity.WARNING if prefix == "AIza" else Severity.ERROR)


@pytest.mark.parametrize("text", KEYS)
def test_private_keys(text):
    (found,) = tokens_in(text.encode())
    assert found.shape.what == "a private key"


@pytest.mark.parametrize("path", ["compose/local/tls/shop.key", "certs/localhost.pem", "etc/snakeoil.key"])
def test_private_key_of_ones_own_machine(path):
    assert list(tokens_in(KEYS[0].encode(), path)) == []


@pytest.mark.parametrize(
    "text",
    [
        "AKIAIOSFODNN7EXAMPLE",
        "AKIAXXXXXXXXXXXXXXXX",
        "AKIA" + CAPITALS[:15],
        "AKIA" + CAPITALS[:17],
        "xAKIA" + CAPITALS[:16],
        "sk_test_" + CHARACTERS[:24],
        "pk_test_" + CHARACTERS[:24],
        "pk_live_" + CHARACTERS[:24],
        "sk_live_your_key_goes_here",
        "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx",
        "sk_live_abcdefghijklmnopqrstuvwx",
        "sk_live_" + "ab" * 12,
        "ghp_" + "x" * 36,
        "ghp_short",
        "xoxb-your-token",
        "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
        "MSG.send.later",
        "AIzaSy...",
        PEM.format(""),
        f'if "{PEM.format("")}" in text and "-----END PRIVATE KEY-----" in text:',
        f"{PEM.format('')}\n...\n-----END PRIVATE KEY-----",
        f"{PEM.format('')}\nMIIEexampleExampleExampleExampleExampleExampleExample\n",
        f"-----BEGIN PUBLIC KEY-----\n{BODY}\n",
    ],
)
def test_no_tokens(text):
    assert list(tokens_in(text.encode())) == []


def test_a_file_full_of_them():
    assert len(list(tokens_in("\n".join(TOKENS["ghp_"] for _ in range(30)).encode()))) == 20


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_pay.py", "shop/tests.py", "shop/test_pay.py", "docs/pay.md", "README.md", "README",
        "examples/a.py", "shop/fixtures/a.json", "a/__mocks__/b.js", "conftest.py", "pay.spec.ts",
        ".env.example", "a.min.js", "uv.lock",
        "package-lock.json", "go.sum", "config/settings/test.py", "logo.png", "shop/locale/de/a.po",
    ],
)  # fmt: skip
def test_left_out(path):
    assert not will_be_searched(path)


@pytest.mark.parametrize(
    "path",
    [
        "shop/settings.py",
        ".github/workflows/ci.yml",
        "deploy.sh",
        "config/local.py",
        ".env",
        "contest.py",
        "certs/a.pem",
        "a.json",
        "Dockerfile",
        "shop/latest/x.py",
    ],
)
def test_searched(path):
    assert will_be_searched(path)
