"""manage.py prodsettings --explain-client: golden output per topology, and what it never repeats."""

import json

import pytest

EDGE = "173.245.48.10"
CLIENT = "198.51.100.7"
PROXY = "10.0.1.5"
SECRET = "pl4nted#Zq9@xw"
SCHEME = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.fixture
def explain(prodsettings, settings):
    """Explain one request under some keys of PRODREADY; what was printed."""

    def run(peer, *headers, scheme=SCHEME, **keys):
        settings.PRODREADY = keys
        settings.SECURE_PROXY_SSL_HEADER = scheme
        arguments = [f"--header={header}" for header in headers]
        code, out = prodsettings("--explain-client", "--remote-addr", peer, *arguments)
        assert code == 0
        return out

    return run


class TestTopologies:
    def test_direct(self, explain):
        assert explain(CLIENT, "Host: www.example.org", scheme=None) == (
            """\
1. The connection is from 198.51.100.7: nobody that is trusted.
2. So it is the client.

client_ip       198.51.100.7
peer_ip         198.51.100.7
via_cloudflare  False
spoofed         False
is_secure       False (SECURE_PROXY_SSL_HEADER is not set; TLS of the server
                itself is not known here)
removed         nothing
rewritten       nothing

Note: The settings trust nobody: none of TRUSTED_PROXIES, CLOUDFLARE,
  CLOUDFLARED and TRUST_UNIX_SOCKET names anybody.
"""
        )

    def test_cloudflare(self, explain):
        headers = [
            f"CF-Connecting-IP: {CLIENT}",
            f"X-Forwarded-For: 6.6.6.6, {CLIENT}",
            "X-Forwarded-Proto: https",
            "CF-Ray: 1",
        ]
        assert explain(EDGE, *headers, CLOUDFLARE=True) == (
            """\
1. The connection is from 173.245.48.10: Cloudflare's edge (173.245.48.0/20), so
   nothing that stands left of it is read.
2. CF-Connecting-IP names the client: 198.51.100.7.

client_ip       198.51.100.7
peer_ip         173.245.48.10
via_cloudflare  True
spoofed         False
is_secure       True (by X-Forwarded-Proto, which SECURE_PROXY_SSL_HEADER names)
removed         nothing
rewritten       X-Forwarded-For
"""
        )

    def test_cloudflare_and_traefik(self, explain):
        headers = [
            f"CF-Connecting-IP: {CLIENT}",
            f"X-Forwarded-For: {CLIENT}, {EDGE}",
            "X-Forwarded-Proto: https",
            f"X-Real-IP: {EDGE}",
        ]
        assert explain(PROXY, *headers, CLOUDFLARE=True, TRUSTED_PROXIES=["10.0.1.0/24"]) == (
            """\
1. The connection is from 10.0.1.5: one of ours (TRUSTED_PROXIES: 10.0.1.0/24),
   so what it appended is believed.
2. 10.0.1.5 was asked by 173.245.48.10: Cloudflare's edge (173.245.48.0/20), so
   nothing that stands left of it is read.
3. CF-Connecting-IP names the client: 198.51.100.7.

client_ip       198.51.100.7
peer_ip         10.0.1.5
via_cloudflare  True
spoofed         False
is_secure       True (by X-Forwarded-Proto, which SECURE_PROXY_SSL_HEADER names)
removed         nothing
rewritten       X-Forwarded-For, X-Real-IP
"""
        )

    def test_a_tunnel(self, explain):
        headers = ["CF-Connecting-IP: 2001:DB8::7", 'CF-Visitor: {"scheme":"https"}']
        assert explain("172.18.0.3", *headers, CLOUDFLARED=["172.18.0.3"]) == (
            """\
1. The connection is from 172.18.0.3: the end of a Cloudflare tunnel
   (CLOUDFLARED: 172.18.0.3/32).
2. CF-Connecting-IP names the client: 2001:db8::7.

client_ip       2001:db8::7
peer_ip         172.18.0.3
via_cloudflare  True
spoofed         False
is_secure       True (by X-Forwarded-Proto, which SECURE_PROXY_SSL_HEADER names)
removed         nothing
rewritten       CF-Connecting-IP, X-Forwarded-Proto, X-Forwarded-For
"""
        )

    def test_proxies_only(self, explain):
        headers = [
            f"X-Forwarded-For: 6.6.6.6, {CLIENT}",
            "X-Forwarded-For: 10.0.1.6",
            "True-Client-IP: 6.6.6.6",
        ]
        assert explain(PROXY, *headers, TRUSTED_PROXIES=["10.0.1.0/24"]) == (
            """\
1. The connection is from 10.0.1.5: one of ours (TRUSTED_PROXIES: 10.0.1.0/24),
   so what it appended is believed.
2. 10.0.1.5 was asked by 10.0.1.6: one of ours (TRUSTED_PROXIES: 10.0.1.0/24),
   so what it appended is believed.
3. 10.0.1.6 was asked by 198.51.100.7: nobody that is trusted.
4. So it is the client, and what stands left of it in X-Forwarded-For is not
   read.

client_ip       198.51.100.7
peer_ip         10.0.1.5
via_cloudflare  False
spoofed         True
is_secure       False (by X-Forwarded-Proto, which SECURE_PROXY_SSL_HEADER
                names)
removed         True-Client-IP
rewritten       X-Forwarded-For
"""
        )

    def test_a_unix_socket(self, explain):
        headers = [f"X-Forwarded-For: {CLIENT}", "X-Forwarded-Proto: https"]
        assert explain("unix:", *headers, TRUST_UNIX_SOCKET=True) == (
            """\
1. The connection is from a unix socket: only our proxy can open it
   (TRUST_UNIX_SOCKET), so what it appended is believed.
2. Our proxy was asked by 198.51.100.7: nobody that is trusted.
3. So it is the client.

client_ip       198.51.100.7
peer_ip         None
via_cloudflare  False
spoofed         False
is_secure       True (by X-Forwarded-Proto, which SECURE_PROXY_SSL_HEADER names)
removed         nothing
rewritten       nothing
"""
        )

    def test_forged(self, explain):
        headers = [
            "CF-Connecting-IP: 6.6.6.6",
            "X-Forwarded-For: 6.6.6.6",
            "X-Forwarded-Proto: https",
            "Host: a",
        ]
        assert explain("203.0.113.9", *headers, CLOUDFLARE=True, CLOUDFLARE_ONLY=True) == (
            """\
1. The connection is from 203.0.113.9: nobody that is trusted.
2. So it is the client.

client_ip       203.0.113.9
peer_ip         203.0.113.9
via_cloudflare  False
spoofed         True
is_secure       False (by X-Forwarded-Proto, which SECURE_PROXY_SSL_HEADER
                names)
answer          403 (CLOUDFLARE_ONLY)
removed         CF-Connecting-IP, X-Forwarded-For, X-Forwarded-Proto
rewritten       nothing
"""
        )

    def test_tampered(self, explain):
        headers = ["CF-Connecting-IP: 6.6.6.6", f"CF-Connecting-IP: {CLIENT}", "CF-IPCountry: XX"]
        assert explain(EDGE, *headers, CLOUDFLARE=True) == (
            """\
1. The connection is from 173.245.48.10: Cloudflare's edge (173.245.48.0/20), so
   nothing that stands left of it is read.
2. CF-Connecting-IP is not one address that a client can have: somebody tampered
   with it, so it is not believed, and who sent it is taken for the client.

client_ip       173.245.48.10
peer_ip         173.245.48.10
via_cloudflare  False
spoofed         True
is_secure       False (by X-Forwarded-Proto, which SECURE_PROXY_SSL_HEADER
                names)
removed         CF-Connecting-IP, CF-IPCountry
rewritten       X-Forwarded-For
"""
        )


class TestWhy:
    @pytest.mark.parametrize(
        ("peer", "headers", "keys", "words"),
        [
            (PROXY, [], {"TRUSTED_PROXIES": [PROXY]}, "X-Forwarded-For names nobody further"),
            (PROXY, ["X-Forwarded-For: unknown"], {"TRUSTED_PROXIES": [PROXY]}, "can be nobody's address"),
            (
                PROXY,
                ["X-Forwarded-For: " + ",".join([PROXY] * 40)],
                {"TRUSTED_PROXIES": [PROXY]},
                "one proxy too many",
            ),
            (EDGE, [], {"CLOUDFLARE": True}, "It sent no CF-Connecting-IP"),
            (
                EDGE,
                ["CF-Connecting-IP: 240.1.2.3", "CF-Connecting-IPv6: 2001:db8::1"],
                {"CLOUDFLARE": True},
                "is a pseudo IPv4 address, so CF-Connecting-IPv6 names the client: 2001:db8::1.",
            ),
            (
                EDGE,
                [f"CF-Connecting-IP: {CLIENT}", f"X-Proof: {SECRET}"],
                {"CLOUDFLARE": True, "CLOUDFLARE_SECRETS": [SECRET], "CLOUDFLARE_SECRET_HEADER": "X-Proof"},
                "X-Proof proves that it came through our account.",
            ),
            (
                EDGE,
                [f"CF-Connecting-IP: {CLIENT}", f"X-Proof: {SECRET}-wrong"],
                {"CLOUDFLARE": True, "CLOUDFLARE_SECRETS": [SECRET], "CLOUDFLARE_SECRET_HEADER": "X-Proof"},
                "X-Proof, which proves our account, is missing or wrong, so CF-Connecting-IP is not believed",
            ),
            (
                "",
                [],
                {},
                "The connection is from a unix socket, and TRUST_UNIX_SOCKET is off. 2. Nobody can say",
            ),
            (
                "",
                [],
                {"TRUST_UNIX_SOCKET": True},
                "ends here. 3. Nobody can say who is asking: REMOTE_ADDR stays.",
            ),
        ],
    )
    def test_the_search_ended(self, explain, peer, headers, keys, words):
        out = explain(peer, *headers, **keys)
        assert words in " ".join(out.split())
        assert SECRET not in out

    def test_no_value_means_a_socket(self, prodsettings):
        assert "unix socket" in prodsettings("--explain-client", "--remote-addr")[1]
        assert "unix socket" in prodsettings("--explain-client", "--remote-addr", "unix:/run/app.sock")[1]

    def test_who_is_refused(self, explain):
        probed = explain(PROXY, CLOUDFLARE=True, CLOUDFLARE_ONLY=True)
        assert "403, except GET and HEAD of the probe paths (CLOUDFLARE_ONLY)\n" in probed
        forwarded = explain(PROXY, "X-Forwarded-For: 10.0.0.9", CLOUDFLARE=True, CLOUDFLARE_ONLY=True)
        assert "403 (CLOUDFLARE_ONLY)\n" in forwarded
        assert "403 (CLOUDFLARE_ONLY)\n" in explain("unix:", CLOUDFLARE=True, CLOUDFLARE_ONLY=True)
        assert "403" not in explain(EDGE, CLOUDFLARE=True, CLOUDFLARE_ONLY=True)


class TestNotes:
    def test_the_middleware_is_missing(self, explain, settings):
        settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware", "no.such.Middleware"]
        out = explain(EDGE, CLOUDFLARE=True)
        assert "Note: CloudflareRealIPMiddleware is not in MIDDLEWARE" in out

    def test_a_ranges_file_is_used(self, explain, list_of):
        changed = list_of(without=["173.245.48.0/20"])
        out = explain(EDGE, CLOUDFLARE=True, CLOUDFLARE_RANGES_FILE=changed)
        assert out.startswith("1. The connection is from 173.245.48.10: nobody that is trusted.\n")

    def test_a_ranges_file_is_broken(self, explain, tmp_path):
        (tmp_path / "list.txt").write_text("0.0.0.0/0\n")
        out = explain(EDGE, CLOUDFLARE=True, CLOUDFLARE_RANGES_FILE=tmp_path / "list.txt")
        assert "Cloudflare's edge" in out
        assert "Note: PRODREADY['CLOUDFLARE_RANGES_FILE'] is not used: line 1: it is everybody" in out

    def test_entries_that_are_not_trusted(self, explain):
        out = " ".join(explain(PROXY, TRUSTED_PROXIES=["10.0.1.5/24"], CLOUDFLARED=["*"]).split())
        assert (
            "Note: PRODREADY['TRUSTED_PROXIES'][0] is not trusted: it has host bits set; write 10.0.1.0/24"
            in out
        )
        assert "Note: PRODREADY['CLOUDFLARED'][0] is not trusted: it is everybody" in out

    def test_underscores(self, explain):
        out = explain(CLIENT, "CF_Connecting_IP: 6.6.6.6", CLOUDFLARE=True)
        assert "removed         CF-Connecting-IP\n" in out
        assert "Note: --header, number 1: the underscore in its name is taken for a hyphen" in out
        out = explain(CLIENT, "X-A: b", "pl4nted_token: x", "Pl4nted-Hyphens: x")
        assert "--header, number 2: the underscore" in out
        assert out.count("--header, number") == 1
        assert "pl4nted" not in out

    @pytest.mark.parametrize("name", ["X-Forwarded-Proto", "X_FORWARDED_PROTO"])
    def test_a_scheme_by_a_header_s_own_name(self, explain, name):
        out = " ".join(explain(CLIENT, "X-Forwarded-Proto: https", scheme=(name, "https")).split())
        assert "Django reads it, from META: HTTP_X_FORWARDED_PROTO is what to write. As it is, it" in out

    @pytest.mark.parametrize(
        "scheme", [None, ("HTTP_X_FORWARDED_PROTO", "https"), ("HTTPS", "on"), ["HTTP_FASTLY_SSL", "1"]]
    )
    def test_a_scheme_that_may_match(self, explain, scheme):
        assert "from META" not in explain(CLIENT, scheme=scheme)


class TestJson:
    def test_all_of_it(self, prodsettings, settings):
        settings.PRODREADY = {"CLOUDFLARE": True, "CLOUDFLARE_SECRETS": [SECRET]}
        code, out = prodsettings(
            "--explain-client",
            "--remote-addr",
            EDGE,
            "--header",
            f"X-Origin-Secret: {SECRET}",
            "--format",
            "json",
        )
        told = json.loads(out)
        assert code == 0
        assert told.pop("steps")[-1].startswith("It sent no CF-Connecting-IP")
        assert told == {
            "schema": 1,
            "client_ip": EDGE,
            "peer_ip": EDGE,
            "via_cloudflare": True,
            "spoofed": False,
            "is_secure": False,
            "refused": False,
            "removed": ["X-Origin-Secret"],
            "rewritten": ["X-Forwarded-For"],
            "notes": [],
        }


class TestUsageErrors:
    @pytest.mark.parametrize(
        "header",
        ["X-Origin-Secret pl4nted", ": pl4nted", "X Secret: pl4nted", "X: pl4nted\r\nY: 1", "Ä: pl4nted", ""],
    )
    def test_the_spelling_of_a_header(self, refused, header):
        said = refused("--explain-client", "--remote-addr", CLIENT, "--header", "A: b", "--header", header)
        assert said == (
            2,
            (
                "--header, number 2: write it as 'NAME: VALUE', with no space in the name and no control"
                " character"
                " in the value."
            ),
        )

    @pytest.mark.parametrize("address", ["localhost", "10.0.0.0/8", "1.2.3.4, 5.6.7.8", "unix"])
    def test_the_peer(self, refused, address):
        said = refused("--explain-client", "--remote-addr", address)
        assert said == (2, "--remote-addr takes one IP address, or unix: for a unix socket.")

    def test_a_value_beyond_ascii_is_as_on_the_wire(self, explain):
        assert "removed         X-Real-IP\n" in explain(CLIENT, "X-Real-IP: ä", CLOUDFLARE=True)

    @pytest.mark.parametrize(
        "scheme", ["HTTP_X_FORWARDED_PROTO", ("HTTP_X_FORWARDED_PROTO",), "ab", 5, ("A", 5)]
    )
    def test_the_setting_of_the_scheme(self, refused, settings, scheme):
        settings.SECURE_PROXY_SSL_HEADER = scheme
        said = refused("--explain-client", "--remote-addr", CLIENT)
        assert said == (2, "SECURE_PROXY_SSL_HEADER must be a tuple of two strings.")
