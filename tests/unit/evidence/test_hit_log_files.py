"""Files of hit logs: plain, compressed, damaged, twice, in directories, and endless."""

from __future__ import annotations

import bz2
import gzip
import tracemalloc
from pathlib import Path

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.hit_log_files import LONGEST, log_files

LINES = [f"line {number} \u00e4" for number in range(1000)]
TEXT = "\n".join(LINES) + "\n"


def read(path: Path) -> tuple[list[str], str]:
    (file,) = log_files([str(path)])
    return list(file.read()), file.damage


def test_plain_and_compressed_files_have_the_same_lines(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.log.1.gz").write_bytes(gzip.compress(TEXT.encode()) + gzip.compress(b"another member"))
    assert read(tmp_path / "a.log") == (LINES, "")
    (tmp_path / "windows.log").write_bytes(TEXT.replace("\n", "\r\n").encode())
    assert read(tmp_path / "windows.log") == (LINES, "")
    assert read(tmp_path / "a.log.1.gz") == ([*LINES, "another member"], "")


def test_a_directory_has_its_files_once_and_says_which_are_the_same(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.log", "sub/copy.log"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / ".hidden").write_text("x", encoding="utf-8")
    files = log_files([str(tmp_path), str(tmp_path / "a.log")])
    assert [(file.path, file.same_as) for file in files] == [
        (str(tmp_path / "a.log"), ""),
        (str(tmp_path / "sub" / "copy.log"), str(tmp_path / "a.log")),
    ]


def test_a_compressed_file_that_was_cut_gives_its_lines_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(TEXT.encode())[:-200])
    lines, damage = read(path)
    assert lines[:-1] == LINES[: len(lines) - 1]
    assert len(lines) > 800
    assert damage.startswith("the compressed file ends in the middle")


def test_garbage_behind_a_compressed_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(TEXT.encode()) + b"garbage")
    lines, damage = read(path)
    assert lines == LINES
    assert damage.startswith("the compressed file is damaged")


def test_everything_that_cannot_be_read_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.bz2").write_bytes(bz2.compress(b"x"))
    with pytest.raises(InvalidInput) as caught:
        log_files([str(tmp_path / name) for name in ("empty", "a.bz2", "missing.log")])
    assert [finding.problem.split(":")[0] for finding in caught.value.findings] == ["has no files", "is compressed with bzip2", "can't be read"]


def test_no_line_is_longer_than_a_line_can_be_and_none_is_lost_behind_it(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_bytes(b"first\n" + b"x" * (3 << 20) + b"\nbehind\n\xff\xfe\nlast")
    lines, _damage = read(path)
    assert [line[:6] for line in lines] == ["first", "xxxxxx", "behind", "\ufffd\ufffd", "last"]
    assert max(map(len, lines)) == LONGEST


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.log.gz"
    path.write_bytes(gzip.compress((TEXT * 500).encode(), 1))
    (file,) = log_files([str(path)])
    tracemalloc.start()
    try:
        assert sum(1 for _line in file.read()) == 500_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12_000_000
