"""manage.py prodsettings --cloudflare-ranges: what is compared, written, and refused whatever is said."""

import io
import json
import os
import resource
import stat
import time
from datetime import UTC, date, datetime, timedelta
from urllib.error import URLError

import pytest
from django.core.management import CommandError, call_command

from django_prodready.management.prodsettings import in_force, list_file, published
from django_prodready.realip.cloudflare_ranges import BUNDLED
from django_prodready.realip.ranges_file import bundled, read_ranges

RANGES = "--cloudflare-ranges"
GONE = "188.114.96.0/20"
NEW = "203.30.0.0/16"
HALF = BUNDLED[:4] + BUNDLED[-3:]
OTHERS = tuple(f"203.{number}.0.0/16" for number in range(1, 13))


def words(text):
    return " ".join(text.split())


def today():
    return datetime.now(UTC).date()


class TestCompare:
    def test_the_same(self, prodsettings, list_of):
        file = list_of()
        said = f"The bundled list (as of 2026-06-14) is up to date: it has the 22 networks of {file}."
        for arguments in ([], ["--check"]):
            code, out = prodsettings(RANGES, "--from", file, *arguments)
            assert (code, words(out)) == (0, said)

    def test_with_the_json_of_the_api(self, prodsettings, tmp_path):
        v4 = [network for network in BUNDLED if ":" not in network]
        v6 = [network for network in BUNDLED if ":" in network]
        (tmp_path / "ips.json").write_text(json.dumps({"result": {"ipv4_cidrs": v4, "ipv6_cidrs": v6}}))
        assert prodsettings(RANGES, "--check", "--from", tmp_path / "ips.json")[0] == 0

    @pytest.mark.parametrize(("arguments", "expected"), [([], 0), (["--check"], 1)])
    def test_it_differs(self, prodsettings, list_of, arguments, expected):
        file = list_of(day="2026-10-01", without=[GONE], also=[NEW])
        code, out = prodsettings(RANGES, "--from", file, *arguments)
        assert code == expected
        assert words(out) == (
            f"The bundled list (as of 2026-06-14) differs from {file} (as of 2026-10-01): 1 added, 1 removed."
            f" + {NEW} - {GONE} What is removed is still taken for Cloudflare, and what is added is"
            f" not. Refresh"
            " the list: prodsettings --cloudflare-ranges --write FILE, and"
            " PRODREADY['CLOUDFLARE_RANGES_FILE'] ="
            " FILE."
        )
        assert f"\n  + {NEW}\n  - {GONE}\n" in out

    def test_most_of_it_differs(self, prodsettings, list_of):
        file = list_of(without=HALF, also=OTHERS)
        code, out = prodsettings(RANGES, "--check", "--from", file)
        assert code == 1
        assert "--write FILE --force" in words(out)

    def test_the_file_of_the_settings(self, prodsettings, settings, list_of):
        older = list_of(name="older.txt", day="2025-01-01", without=[GONE])
        settings.PRODREADY = {"CLOUDFLARE": True, "CLOUDFLARE_RANGES_FILE": older}
        code, out = prodsettings(RANGES, "--check", "--from", list_of())
        assert code == 1
        assert out.startswith("PRODREADY['CLOUDFLARE_RANGES_FILE'] (as of 2025-01-01) differs from\n")
        assert prodsettings(RANGES, "--check", "--from", older)[0] == 0

    def test_the_file_of_the_settings_is_broken(self, prodsettings, settings, list_of, tmp_path):
        settings.PRODREADY = {"CLOUDFLARE": True, "CLOUDFLARE_RANGES_FILE": tmp_path / "none.txt"}
        code, out = prodsettings(RANGES, "--check", "--from", list_of())
        assert code == 1
        assert "The bundled list (as of 2026-06-14) is up to date" in out
        assert words(out).endswith(
            "Note: PRODREADY['CLOUDFLARE_RANGES_FILE'] is not used: No such file or directory. The"
            " bundled list is"
            " in force."
        )

    def test_cloudflare_is_off(self, prodsettings, settings, list_of):
        settings.PRODREADY = {}
        out = prodsettings(RANGES, "--from", list_of())[1]
        assert out.endswith("Note: PRODREADY['CLOUDFLARE'] is off, so no list is used.\n")

    def test_json(self, prodsettings, list_of):
        file = list_of(without=[GONE], also=[NEW])
        code, out = prodsettings(RANGES, "--check", "--from", file, "--format", "json")
        assert code == 1
        assert json.loads(out) == {
            "schema": 1,
            "outcome": "differs",
            "reason": None,
            "file": None,
            "before": {"name": "the bundled list", "as_of": "2026-06-14", "networks": 22},
            "after": {"name": str(file), "as_of": None, "networks": 22},
            "added": [NEW],
            "removed": [GONE],
            "notes": [],
        }

    def test_colour(self, prodsettings, list_of):
        out = prodsettings(RANGES, "--from", list_of(without=[GONE], also=[NEW]), force_color=True)[1]
        assert f"  \x1b[32m+ {NEW}\x1b[0m\n  \x1b[31m- {GONE}\x1b[0m\n" in out


class TestRefused:
    @pytest.mark.parametrize("force", [[], ["--force"]])
    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("", "it has 0 IPv4 networks, and Cloudflare has at least 10: it is cut off, or another list"),
            ("\n".join(BUNDLED[:11]), "it has 0 IPv6 networks, and Cloudflare has at least 4"),
            (
                "\n".join(BUNDLED)[:-3],
                "line 22: it is an address without the length of its network: it is cut off",
            ),
            ("\n".join(BUNDLED)[:-1], "line 22: it has host bits set"),
            ("\n".join([*BUNDLED, "0.0.0.0/0"]), "line 23: it is everybody"),
            (
                "\n".join([*BUNDLED, "10.0.0.0/16"]),
                "line 23: 10.0.0.0/16 holds addresses that no CDN can have",
            ),
            (
                "# Cloudflare's ranges: 23 networks\n" + "\n".join(BUNDLED),
                "says that it has 23: it is cut off",
            ),
            (
                "# Cloudflare's ranges as of 2999-01-01\n" + "\n".join(BUNDLED),
                "it is as of 2999-01-01, which is",
            ),
            ("<!doctype html>", "line 1: it is neither an address nor a network"),
            ('{"success": false}', "it is JSON, but not Cloudflare's"),
            ("x" * 70_000, "it is larger than 65536 bytes"),
        ],
        ids=lambda value: None if isinstance(value, list) else value[:20],
    )
    def test_whatever_is_said(self, refused, tmp_path, text, why, force):
        source, target = tmp_path / "source.txt", tmp_path / "target.txt"
        source.write_text(text)
        target.write_text("\n".join(BUNDLED))
        before = target.stat().st_mtime_ns
        code, said = refused(RANGES, "--write", target, "--from", source, *force)
        assert code == 1
        assert said.startswith(f"{source} is refused: ")
        assert why in said
        assert (target.read_text(), target.stat().st_mtime_ns) == ("\n".join(BUNDLED), before)
        if not force:
            assert refused(RANGES, "--check", "--from", source)[0] == 1

    def test_what_is_no_regular_file(self, refused, prodsettings, list_of, tmp_path):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        for file in (pipe, tmp_path):
            assert refused(RANGES, "--from", file) == (1, f"{file} is refused: it is no regular file.")
        link = tmp_path / "link"
        link.symlink_to(list_of())
        assert prodsettings(RANGES, "--check", "--from", link)[0] == 0

    def test_no_file(self, refused, tmp_path):
        file = tmp_path / "none.txt"
        assert refused(RANGES, "--from", file) == (1, f"{file} is refused: No such file or directory.")

    def test_json(self, prodsettings, tmp_path):
        code, out = prodsettings(RANGES, "--from", tmp_path / "x", "--format", "json")
        assert code == 1
        assert json.loads(out) == {
            "schema": 1,
            "outcome": "refused",
            "reason": f"{tmp_path / 'x'} is refused: No such file or directory.",
            "changes": [],
        }

    def test_an_error_without_words(self):
        assert in_force.reason(OSError()) == "OSError"


class TestWrite:
    def test_a_new_file(self, prodsettings, list_of, tmp_path):
        source, target = list_of(day="2026-10-01", without=[GONE]), tmp_path / "ranges.txt"
        code, out = prodsettings(RANGES, "--write", target, "--from", source)
        assert code == 0
        assert words(out) == (
            f"Wrote {target}: 21 networks as of 2026-10-01, from {source}; 0 added, 1 removed since the"
            f" bundled"
            f" list (as of 2026-06-14). - {GONE} Note: Name it in PRODREADY['CLOUDFLARE_RANGES_FILE'],"
            f" so that it"
            " is read."
        )
        assert target.read_text().startswith(
            "# Cloudflare's ranges as of 2026-10-01: 21 networks\n103.21.244.0/22\n"
        )
        written = read_ranges(target)
        assert written.as_of == date(2026, 10, 1)
        assert set(bundled().networks) - set(written.networks) == {
            network for network in bundled().networks if str(network) == GONE
        }
        assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []

    def test_what_it_wrote_cut_off_is_refused(self, prodsettings, refused, list_of, tmp_path):
        target = tmp_path / "ranges.txt"
        prodsettings(RANGES, "--write", target, "--from", list_of(day="2026-10-01"))
        whole = target.read_text()
        for length in range(len(whole) - 1):
            target.write_text(whole[:length])
            with pytest.raises(ValueError, match=r"cut off|line|neither"):
                read_ranges(target)
        assert refused(RANGES, "--from", target)[0] == 1

    def test_again(self, prodsettings, settings, list_of, tmp_path):
        target = tmp_path / "ranges.txt"
        settings.PRODREADY = {"CLOUDFLARE": True, "CLOUDFLARE_RANGES_FILE": target}
        for day, expected in [
            (
                "2026-10-01",
                (
                    f"Wrote {target}: 22 networks as of 2026-10-01, from SOURCE; no network is new or gone"
                    f" since the"
                    " bundled list (as of 2026-06-14). Note: Running processes read it within a minute."
                ),
            ),
            ("2026-10-01", f"{target} is unchanged: it has the 22 networks of SOURCE."),
            (None, f"{target} is unchanged: it has the 22 networks of SOURCE."),
            ("2026-09-01", f"{target} is unchanged: it has the 22 networks of SOURCE."),
            (
                "2026-10-02",
                (
                    f"Wrote {target}: 22 networks as of 2026-10-02, from SOURCE; no network is new or gone."
                    " Note: Running processes read it within a minute."
                ),
            ),
        ]:
            source = list_of(day=day)
            code, out = prodsettings(RANGES, "--write", target, "--from", source)
            assert code == 0
            assert words(out).replace(str(source), "SOURCE") == expected
        assert read_ranges(target).as_of == date(2026, 10, 2)

    def test_a_file_gets_its_first_day(self, prodsettings, list_of):
        target = list_of(name="target.txt")
        prodsettings(RANGES, "--write", target, "--from", list_of(day="2026-10-01"))
        assert read_ranges(target).as_of == date(2026, 10, 1)

    def test_an_older_list_is_noted(self, prodsettings, list_of):
        target = list_of(name="target.txt", day="2026-10-01")
        out = prodsettings(RANGES, "--write", target, "--from", list_of(day="2026-09-01", also=[NEW]))[1]
        assert "Note: The list is older than the one before it, which is as of 2026-10-01.\n" in out

    def test_json(self, prodsettings, list_of, tmp_path):
        target = tmp_path / "ranges.txt"
        out = prodsettings(RANGES, "--write", target, "--from", list_of(), "--format", "json")[1]
        told = json.loads(out)
        assert (told["outcome"], told["file"]) == ("written", str(target))

    def test_more_than_half(self, prodsettings, refused, list_of):
        target, source = list_of(name="target.txt", without=HALF, also=OTHERS), list_of()
        before = target.read_text()
        said = refused(RANGES, "--write", target, "--from", source)
        assert said == (
            1,
            (
                f"{target} is left as it is: more than half of the networks would change. Look at them, and"
                " say --force if they are right."
            ),
        )
        assert target.read_text() == before
        out = io.StringIO()
        with pytest.raises(CommandError):
            call_command("prodsettings", RANGES, write=target, **{"from": source}, stdout=out)
        assert f"  + {HALF[0]}\n" in out.getvalue()
        assert f"  - {OTHERS[0]}\n" in out.getvalue()
        code, out = prodsettings(RANGES, "--write", target, "--from", source, "--format", "json")
        assert code == 1
        assert f"- {OTHERS[0]}" in json.loads(out)["changes"]

        assert prodsettings(RANGES, "--write", target, "--from", source, "--force")[0] == 0
        assert read_ranges(target).networks == bundled().networks

    def test_another_file_is_not_overwritten(self, prodsettings, refused, list_of, tmp_path):
        target = tmp_path / "settings.py"
        target.write_text("DEBUG = False\n")
        said = refused(RANGES, "--write", target, "--from", list_of())
        assert said == (
            1,
            (
                f"{target} is left as it is: it cannot be read as a list of ranges (line 1: it is neither"
                f" an address nor"
                " a network such as 10.0.0.0/24). --force replaces it."
            ),
        )
        assert target.read_text() == "DEBUG = False\n"
        code, out = prodsettings(RANGES, "--write", target, "--from", list_of(), "--force")
        assert code == 0
        assert "since the bundled list" in words(out)
        assert read_ranges(target).networks == bundled().networks

    def test_an_empty_file_is_none(self, prodsettings, list_of, tmp_path):
        target = tmp_path / "ranges.txt"
        target.touch()
        assert prodsettings(RANGES, "--write", target, "--from", list_of())[0] == 0
        assert read_ranges(target).networks == bundled().networks

    def test_mode_and_link_stay(self, prodsettings, list_of, tmp_path):
        target, link = list_of(name="target.txt", without=[GONE]), tmp_path / "link.txt"
        target.chmod(0o640)
        link.symlink_to(target)
        prodsettings(RANGES, "--write", link, "--from", list_of())
        assert link.is_symlink()
        assert stat.S_IMODE(target.stat().st_mode) == 0o640
        assert read_ranges(target).networks == bundled().networks

    def test_a_new_file_has_the_mode_of_any_other(self, prodsettings, list_of, tmp_path):
        other, target = tmp_path / "other", tmp_path / "ranges.txt"
        other.touch()
        prodsettings(RANGES, "--write", target, "--from", list_of())
        assert target.stat().st_mode == other.stat().st_mode

    def test_no_folder(self, refused, list_of, tmp_path):
        target = tmp_path / "no" / "ranges.txt"
        said = refused(RANGES, "--write", target, "--from", list_of())
        assert said == (1, f"{target} cannot be written: its folder does not exist.")

    def test_no_file(self, refused, list_of, tmp_path):
        said = refused(RANGES, "--write", tmp_path, "--from", list_of(), "--force")
        assert said == (1, f"{tmp_path} is there, but is no file.")
        said = refused(RANGES, "--write", tmp_path, "--from", list_of())
        assert said == (1, f"{tmp_path} is there, but is no file.")
        said = refused(RANGES, "--write", os.devnull, "--from", list_of())
        assert said == (1, f"{os.devnull} is there, but is no file.")

    def test_a_disk_that_takes_no_more(self, refused, list_of):
        target, source = list_of(name="target.txt", without=[GONE]), list_of()
        before = target.read_text()
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20, hard))
        try:
            said = refused(RANGES, "--write", target, "--from", source)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert said == (1, f"{target} cannot be written: File too large.")
        assert target.read_text() == before
        assert sorted(path.name for path in target.parent.iterdir()) == ["list.txt", "target.txt"]

    def test_a_folder_that_takes_no_file(self, refused, list_of):
        code, said = refused(RANGES, "--write", "/proc/ranges.txt", "--from", list_of())
        assert code == 1
        assert said.startswith("/proc/ranges.txt cannot be written: ")

    def test_an_error_without_words(self, tmp_path):
        assert list_file._why(tmp_path / "x", OSError()) == "OSError"


class TestFetch:
    def test_the_same(self, prodsettings, site):
        code, out = prodsettings(RANGES, "--check")
        assert code == 0
        assert words(out) == (
            "The bundled list (as of 2026-06-14) is up to date: it has the 22 networks of www.cloudflare.com."
        )
        assert [(method, path) for method, path, _ in site.asked] == [("GET", "/ips-v4"), ("GET", "/ips-v6")]
        assert site.asked[0][2]["User-Agent"].startswith("django-prodready/")

    def test_it_is_as_of_today(self, prodsettings, site, tmp_path):
        site.pages["/ips-v4"] = (200, b"\n".join([site.pages["/ips-v4"][1], NEW.encode()]))
        day = today()
        assert prodsettings(RANGES, "--write", tmp_path / "ranges.txt")[0] == 0
        written = read_ranges(tmp_path / "ranges.txt")
        assert written.as_of in (day, day + timedelta(days=1))
        assert NEW in map(str, written.networks)

    def test_what_it_publishes_is_judged(self, refused, site, tmp_path):
        site.pages["/ips-v6"] = (200, b"::/0")
        code, said = refused(RANGES, "--write", tmp_path / "ranges.txt", "--force")
        assert code == 1
        assert said.startswith("What www.cloudflare.com answered is refused: line 16: it is everybody")
        assert not (tmp_path / "ranges.txt").exists()

    def test_too_much(self, refused, site):
        site.pages["/ips-v4"] = (200, b"#" * 200_000)
        assert (
            refused(RANGES)[1]
            == "What www.cloudflare.com answered is refused: it is larger than 65536 bytes."
        )

    def test_a_redirect_on_the_same_host(self, prodsettings, site):
        site.pages["/moved"] = site.pages["/ips-v4"]
        site.pages["/ips-v4"] = (302, b"")
        site.extra_headers["Location"] = f"https://localhost:{site.port}/moved"
        assert prodsettings(RANGES, "--check")[0] == 0

    @pytest.mark.parametrize(
        "place", ["https://127.0.0.1:{}/x", "http://localhost:{}/x", "https://localhost:1/x"]
    )
    def test_a_redirect_elsewhere(self, refused, site, place):
        site.pages["/ips-v4"] = (302, b"")
        site.extra_headers["Location"] = place.format(site.port)
        assert refused(RANGES) == (
            1,
            (
                "www.cloudflare.com cannot be asked: it redirects to another host, which is not followed."
                " A list that was downloaded elsewhere is taken by --from FILE."
            ),
        )

    def test_an_error(self, refused, site):
        site.pages["/ips-v6"] = (503, b"")
        assert "cannot be asked: it answered 503. " in refused(RANGES)[1]

    def test_nobody_listens(self, refused, unused_port, point_at):
        point_at(unused_port)
        assert "cannot be asked: Connection refused. A list that" in refused(RANGES)[1]

    def test_json(self, prodsettings, unused_port, point_at):
        point_at(unused_port)
        code, out = prodsettings(RANGES, "--check", "--format", "json")
        assert (code, json.loads(out)["outcome"]) == (1, "refused")

    def test_a_certificate_of_nobody(self, refused, site, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
        assert "its certificate is not trusted (" in refused(RANGES)[1]
        assert site.asked == []

    def test_a_certificate_of_another(self, refused, site, point_at):
        point_at(site.port, host="127.1")
        assert "its certificate is not trusted (Hostname mismatch" in refused(RANGES)[1]

    def test_an_answer_that_is_cut_off(self, refused, serving, point_at):
        body = "\n".join(BUNDLED).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body) + 400}\r\n\r\n".encode()
        with serving(head + body) as port:
            point_at(port)
            assert "its answer is cut off, or no HTTP. " in refused(RANGES)[1]

    def test_no_http(self, refused, serving, point_at):
        with serving(b"220 mail.example.org\r\n") as port:
            point_at(port)
            assert "its answer is cut off, or no HTTP. " in refused(RANGES)[1]

    def test_it_takes_forever(self, refused, dripping, monkeypatch, point_at):
        monkeypatch.setattr(published, "TIMEOUT_S", 0.5)
        with dripping(b"HTTP/1.1 200 OK\r\n") as port:
            point_at(port)
            assert "it did not answer within 0.5 s. " in refused(RANGES)[1]

    def test_no_time_is_left(self):
        with pytest.raises(TimeoutError):
            published._left(time.monotonic() - 1)

    def test_through_a_proxy(self, prodsettings, refused, site, proxy, monkeypatch):
        monkeypatch.setenv("https_proxy", f"http://user:pl4nted@127.0.0.1:{proxy.port}")
        assert prodsettings(RANGES, "--check")[0] == 0
        assert (
            proxy.asked == [f"CONNECT localhost:{site.port} HTTP/1.1"] * 2
            or proxy.asked == [f"CONNECT localhost:{site.port} HTTP/1.0"] * 2
        )
        proxy.refuses = True
        assert "cannot be asked: the proxy answered 407. " in refused(RANGES)[1]

    @pytest.mark.parametrize("url", ["http://user:pl4nted@[", "http://user:pl4nted@127.0.0.1:port"])
    def test_a_proxy_that_is_no_url(self, refused, site, monkeypatch, url):
        monkeypatch.setenv("https_proxy", url)
        code, said = refused(RANGES)
        assert code == 1
        assert "pl4nted" not in said

    def test_words_of_an_error(self):
        assert published._why(URLError("no host given")) == "URLError"
