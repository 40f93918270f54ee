import errno
import os
import re
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from django_prodready.health.probe import Degraded
from django_prodready.health.probes.disk import DiskFullError, DiskProbe

Usage = namedtuple("Usage", "total used free")
Inodes = namedtuple("Inodes", "f_files f_ffree f_favail")


@pytest.fixture
def full(monkeypatch):
    """Let the file system say how full it is, in hundredths."""

    def say(space, inodes=(100, 100, 100)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1000, space * 9, 900 - space * 9))
        monkeypatch.setattr(os, "statvfs", lambda _: Inodes(*inodes))

    return say


def test_a_real_folder_is_measured(tmp_path):
    DiskProbe(path=tmp_path, warn_percent=100, max_percent=100).run()
    with pytest.raises(Degraded, match=r"^\d+\.\d % of the (space|inodes) is in use\.$"):
        DiskProbe(path=str(tmp_path), warn_percent=0.0001, max_percent=100).run()


def test_a_folder_that_is_not_there_is_down(tmp_path):
    with pytest.raises(FileNotFoundError):
        DiskProbe(path=tmp_path / "none").run()


@pytest.mark.parametrize(
    ("space", "inodes", "said"),
    [
        (84, (100, 100, 100), None),
        (85, (100, 100, 100), (Degraded, "85.0 % of the space is in use.")),
        (95, (100, 100, 100), (DiskFullError, "95.0 % of the space is in use.")),
        (10, (100, 10, 10), (Degraded, "90.0 % of the inodes is in use.")),
        (90, (100, 2, 2), (DiskFullError, "98.0 % of the inodes is in use.")),
        (10, (0, 0, 0), None),
    ],
)
def test_the_worst_share_counts(full, space, inodes, said):
    full(space, inodes)
    if said is None:
        DiskProbe(path="/").run()
    else:
        with pytest.raises(said[0], match=f"^{re.escape(said[1])}$"):
            DiskProbe(path="/").run()


def test_blocks_that_are_kept_for_root_do_not_count(full):
    # 100 of the 1000 blocks: what df shows is the share of the other 900.
    full(50)
    with pytest.raises(Degraded, match=r"^50\.0 % "):
        DiskProbe(path="/", warn_percent=50).run()


def test_a_file_system_without_room_at_all_is_full(monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, 0))
    with pytest.raises(DiskFullError, match=r"^100\.0 % of the space"):
        DiskProbe(path="/").run()


def test_free_bytes_have_a_limit_of_their_own(full):
    full(10)
    DiskProbe(path="/", min_free_bytes=810).run()
    with pytest.raises(DiskFullError, match=r"^810 bytes are free, fewer than min_free_bytes\.$"):
        DiskProbe(path="/", min_free_bytes=811).run()


def test_where_there_are_no_inodes_only_space_counts(full, monkeypatch):
    full(10, (100, 0, 0))
    monkeypatch.delattr(os, "statvfs")
    DiskProbe(path="/").run()


def test_a_trial_leaves_nothing(tmp_path):
    DiskProbe(path=tmp_path, warn_percent=100, max_percent=100, write_test=True).run()
    assert list(tmp_path.iterdir()) == []


def test_a_trial_that_finds_no_room_is_down_and_leaves_nothing(tmp_path, monkeypatch):
    def refuse(_):
        assert len(list(tmp_path.iterdir())) == 1
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space left"):
        DiskProbe(path=tmp_path, warn_percent=100, max_percent=100, write_test=True).run()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_that_of_uploads_else_the_projects_else_the_working_one(settings, tmp_path):
    settings.BASE_DIR = tmp_path / "project"
    settings.MEDIA_ROOT = str(tmp_path / "media")
    assert DiskProbe()._folder == str(tmp_path / "media")
    settings.MEDIA_ROOT = ""
    assert DiskProbe()._folder == str(tmp_path / "project")
    del settings.BASE_DIR
    assert DiskProbe()._folder == str(Path.cwd())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"path": 1}, "path must be text on one line, and not empty."),
        ({"warn_percent": 99}, "warn_percent must not be above max_percent."),
        ({"min_free_bytes": 1.5}, "min_free_bytes must be a whole number, at least 0."),
        ({"write_test": "no"}, "write_test must be True or False."),
    ],
)
def test_wrong_options_are_named(options, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        DiskProbe(**options)


def test_it_is_not_critical():
    assert not DiskProbe.critical
