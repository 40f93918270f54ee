"""Files in the sandbox: whatever writes them goes on, and nothing on the disk is another than before."""

# Every way there is to write a file.
# ruff: noqa: PTH101, PTH102, PTH103, PTH104, PTH105, PTH106, PTH107, PTH108
# ruff: noqa: PTH116, PTH123, PTH208, PTH211, SIM115, UP020

import contextlib
import errno
import gzip
import io
import json
import logging
import logging.handlers
import os
import shutil
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from os import remove as remove_taken_before
from os import rename as rename_taken_before
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync, sync_to_async

from django_prodready.audit.facts import guards_files, sandbox
from django_prodready.audit.facts.requests import InProcess
from django_prodready.audit.facts.sandbox import run

LIMIT_S = 10.0
GRACE_S = 20.0  # a busy machine may be late to run a thread that has only to write one thing


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a file and an empty folder in it; every path in a test is relative to it."""
    (tmp_path / "there").write_text("one\ntwo\n")
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sandbox, "_GRACE_S", GRACE_S)
    return tmp_path


def everything_in(folder):
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, path.lstat().st_mtime_ns, _content(path))
        for path in sorted(folder.rglob("*"))
    }


def _content(path):
    return path.read_bytes() if path.is_file() else None


def descriptor_written(*args):
    descriptor = os.open(*args)
    os.write(descriptor, b"written")
    os.close(descriptor)


def written_in_a_thread():
    threading.Thread(target=lambda: Path("new").write_text("x")).start()


def logged():
    handlers = [
        logging.FileHandler("new"),
        logging.handlers.RotatingFileHandler("there", maxBytes=1, backupCount=3),
    ]
    for handler in handlers:
        handler.emit(logging.LogRecord("a", logging.ERROR, "", 1, "spoof", (), None))
        handler.close()


def replaced_whole():
    with tempfile.NamedTemporaryFile("w", dir=".", delete=False) as file:
        file.write("new")
    os.chmod(file.name, 0o644)
    os.replace(file.name, "there")


def zipped():
    with gzip.open("new.gz", "wt") as file:
        file.write("x")


def in_a_temporary_folder():
    with tempfile.TemporaryDirectory(dir=".") as made:
        Path(made, "new").write_text("x")


@pytest.mark.parametrize(
    "piece",
    [
        lambda: open("new", "w").close(),
        lambda: open("new", "x").close(),
        lambda: open(file="there", mode="ab").close(),
        lambda: open("there", "w").close(),
        lambda: io.open("there", "r+").close(),
        lambda: Path("there").write_text("x"),
        lambda: Path("new").touch(),
        lambda: Path("there").touch(),
        lambda: Path("there").unlink(),
        lambda: Path("a/b/c").mkdir(parents=True),
        lambda: os.mkdir("new"),
        lambda: os.makedirs("new/er", exist_ok=True),
        lambda: os.makedirs("empty", exist_ok=True),
        lambda: descriptor_written("new", os.O_CREAT | os.O_WRONLY),
        lambda: descriptor_written("new", os.O_CREAT | os.O_WRONLY, 0o600),
        lambda: descriptor_written("there", os.O_WRONLY | os.O_APPEND),
        lambda: descriptor_written("there", os.O_RDWR | os.O_TRUNC),
        lambda: os.remove("there"),
        lambda: os.unlink("there"),
        lambda: os.rename("there", "elsewhere"),
        lambda: os.replace("there", "elsewhere"),
        lambda: os.renames("there", "else/where"),
        lambda: os.rmdir("empty"),
        lambda: os.removedirs("empty"),
        lambda: os.truncate("there", 1),
        lambda: os.chmod("there", 0o600),
        lambda: os.utime("there", (1, 1)),
        lambda: os.symlink("there", "new"),
        lambda: os.link("there", "new"),
        lambda: os.mkfifo("new"),
        lambda: shutil.copy("there", "new"),
        lambda: shutil.copy2("there", "new"),
        lambda: shutil.copytree("empty", "new"),
        lambda: shutil.move("there", "new"),
        lambda: shutil.rmtree("empty"),
        written_in_a_thread,
        logged,
        replaced_whole,
        zipped,
        in_a_temporary_folder,
        lambda: tempfile.NamedTemporaryFile(dir=".").close(),
        lambda: tempfile.TemporaryFile(dir=".").close(),
    ],
    ids=range(42),
)
def test_whatever_writes_goes_on_and_nothing_is_written(folder, piece):
    before = everything_in(folder)
    assert run(piece, limit_s=LIMIT_S)[1] == ()
    assert everything_in(folder) == before


@pytest.mark.parametrize(
    "piece",
    [
        lambda: remove_taken_before("there"),
        lambda: rename_taken_before("there", "new"),
        lambda: io.FileIO("new", "w").close(),
    ],
    ids=["remove", "rename", "FileIO"],
)
def test_what_was_taken_from_its_module_before_is_refused(folder, piece):
    before = everything_in(folder)

    def swallowing():
        with contextlib.suppress(OSError):
            piece()

    assert run(swallowing, limit_s=LIMIT_S)[1] == ("a file",)
    assert everything_in(folder) == before
    piece()
    assert everything_in(folder) != before


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("r+", "ONE\ntwo\n"), ("a+", "one\ntwo\nONE"), ("w+", "ONE")],
)
def test_what_was_written_is_read_again_from_the_same_file(folder, mode, expected):
    def changed():
        with open("there", mode) as file:
            assert file.name == "there"
            file.write("ONE")
            file.seek(0)
            return file.read()

    assert run(changed, limit_s=LIMIT_S)[0] == expected


@pytest.mark.parametrize(
    ("piece", "number"),
    [
        (lambda: open("there", "x"), errno.EEXIST),
        (lambda: os.open("there", os.O_CREAT | os.O_EXCL | os.O_WRONLY), errno.EEXIST),
        (lambda: os.mkdir("empty"), errno.EEXIST),
        (lambda: open("nowhere", "r+"), errno.ENOENT),
        (lambda: os.open("nowhere", os.O_WRONLY), errno.ENOENT),
    ],
    ids=range(5),
)
def test_what_would_fail_fails_the_same_way(folder, piece, number):
    for attempt in (piece, lambda: run(piece, limit_s=LIMIT_S)):
        with pytest.raises(OSError, match=r"File exists|No such file") as failure:
            attempt()
        assert failure.value.errno == number
        assert failure.value.filename in ("there", "empty", "nowhere")


@pytest.mark.parametrize(
    "piece",
    [
        lambda: open("there").read(),
        lambda: Path("there").read_bytes(),
        lambda: os.close(os.open("there", os.O_RDONLY)),
        lambda: open(os.devnull, "w").close(),
        lambda: os.close(os.open(os.devnull, os.O_WRONLY)),
        lambda: os.listdir("."),
        lambda: os.stat("there"),
        lambda: sorted(Path().rglob("*")),
    ],
    ids=range(8),
)
def test_reading_is_no_business_of_it(folder, piece):
    assert run(lambda: piece() and None, limit_s=LIMIT_S) == (None, ())


def test_a_descriptor_of_somebody_else_s_is_written(folder):
    reading, writing = os.pipe()

    def send():
        with open(writing, "w") as file:
            file.write("x")

    run(send, limit_s=LIMIT_S)
    assert os.read(reading, 9) == b"x"
    os.close(reading)


def test_what_an_import_writes_is_written(folder, monkeypatch):
    (folder / "writes_when_imported.py").write_text(
        "import os\nos.makedirs('media', exist_ok=True)\nopen('media/log', 'a').close()\n"
        "os.replace('media/log', 'media/kept')\n"
    )
    monkeypatch.syspath_prepend(folder)

    def imports():
        import writes_when_imported  # noqa: F401

    assert run(imports, limit_s=LIMIT_S)[1] == ()
    assert (folder / "media" / "kept").exists()
    del sys.modules["writes_when_imported"]


def test_guards_that_were_kept_work_again_afterwards(folder):
    taken = run(lambda: (open, os.open, os.mkdir, os.remove), limit_s=LIMIT_S)[0]
    opened, opened_low, made, removed = taken
    with opened("new", "w", opener=lambda path, flags: opened_low(path, flags, 0o600)) as file:
        file.write("x")
    assert Path("new").read_text() == "x"
    removed("new")
    made("new")
    assert Path("new").is_dir()


def test_a_thread_that_goes_on_is_not_waited_for(folder, monkeypatch):
    monkeypatch.setattr(sandbox, "_GRACE_S", 0.05)
    go = threading.Event()
    thread = threading.Thread(target=go.wait)
    run(thread.start, limit_s=LIMIT_S)
    assert thread.is_alive()
    go.set()
    thread.join()


def test_an_idle_pool_is_not_waited_for(folder):
    async def in_a_thread():
        return await sync_to_async(str, thread_sensitive=False)("x")

    with ThreadPoolExecutor() as pool:
        started_s = time.perf_counter()
        run(lambda: pool.submit(str).result(), limit_s=LIMIT_S)
        assert run(async_to_sync(in_a_thread), limit_s=LIMIT_S)[0] == "x"
        assert time.perf_counter() - started_s < GRACE_S / 2


def test_without_files_in_memory_what_is_written_is_gone(folder, monkeypatch):
    monkeypatch.delattr(os, "memfd_create")
    before = everything_in(folder)

    def changed():
        with open("new", "w+") as file:
            file.write("x")
            file.seek(0)
            return file.read()

    assert run(changed, limit_s=LIMIT_S) == ("", ())
    assert everything_in(folder) == before


def test_the_audit_hook_minds_changes_alone(folder):
    events = [
        ("open", ("there", "r", os.O_RDONLY)),
        ("open", (3, "w", os.O_WRONLY)),
        ("open", (os.devnull, "w", os.O_WRONLY)),
        ("os.listdir", (".",)),
        ("import", ("json",)),
    ]

    def all_of_them():
        for event, args in events:
            guards_files.refuse_change(event, args)
        with pytest.raises(OSError, match="a file is out of reach"):
            guards_files.refuse_change("os.remove", ("there", -1))

    assert run(all_of_them, limit_s=LIMIT_S)[1] == ("a file",)
    guards_files.refuse_change("os.remove", ("there", -1))


class Bans:
    """Keeps who comes in a file, and lets nobody come more than three times."""

    def __init__(self, get_response):
        os.makedirs("banned", exist_ok=True)
        self.get_response = get_response

    def __call__(self, request):
        path = Path("banned", "list.json")
        seen = json.loads(path.read_text()) if path.exists() else []
        assert len(seen) <= 3
        path.write_text(json.dumps([*seen, request.META["REMOTE_ADDR"]]))
        return self.get_response(request)


@pytest.mark.parametrize("is_view", [False, True], ids=["marker", "view"])
def test_a_middleware_that_keeps_a_file_is_judged_as_any(folder, settings, is_view):
    before = everything_in(folder)
    settings.MIDDLEWARE = [f"{__name__}.Bans"]
    settings.ROOT_URLCONF = "testproject.urls"
    sender = InProcess()
    answers = [sender.send("/nowhere/", real_view=is_view) for _ in range(6)]
    assert {(each.status, each.exception, each.blocked) for each in answers} == {(404, "Resolver404", ())}
    assert everything_in(folder) == before
