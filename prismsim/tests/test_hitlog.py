"""Hit logs: same arguments, same bytes; what is planted is listed; what has no judgement is refused."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import pytest

from prismsim.cli import main
from prismsim.estate import load
from prismsim.hitlog import CannotJudge, Written, write

ESTATES = Path(__file__).parents[1] / "estates"


def log(estate: str, **options: Any) -> tuple[list[str], Written]:
    stream = io.StringIO()
    site = next(iter(load(ESTATES / estate).sites.values()))
    written = write(site, stream, **{"lines": 2000, "seed": 3, **options})
    return stream.getvalue().splitlines(), written


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert log("minimal.yml") == log("minimal.yml")
    assert log("minimal.yml")[0] != log("minimal.yml", seed=4)[0]


def test_lines_are_as_many_as_wanted_and_add_up() -> None:
    lines, written = log("minimal.yml", wrong=5, cut=7)
    assert len(lines) == written.lines == 2000
    assert written.hits + written.repeated + written.cut + written.other == 2000
    assert sum("ACTION=" not in line and "SRC=" in line for line in lines) == written.cut == 7


def test_planted_lines_are_listed_with_what_would_be_right() -> None:
    lines, written = log("minimal.yml", wrong=5)
    assert len({(one.source, one.destination, one.service) for one in written.planted}) == 5
    for one in written.planted:
        assert f"SRC={one.source} DST={one.destination} " in lines[one.line - 1]
        assert f"ACTION={one.logged} DIRECTION={one.direction}" in lines[one.line - 1]
        assert one.logged != one.right


def test_only_policies_that_log_are_in_it_unless_all_are_wanted() -> None:
    policies = ("] shop [", "] shop-db [", "] shared-dns [")
    assert [any(name in line for line in log("minimal.yml")[0]) for name in policies] == [True, False, False]
    assert all(any(name in line for line in log("minimal.yml", every_policy=True)[0]) for name in policies)


def test_what_it_cannot_judge_or_fit_is_refused() -> None:
    with pytest.raises(CannotJudge, match="type"):
        log("flex.yml")
    with pytest.raises(ValueError, match="don't fit"):
        log("minimal.yml", lines=10, wrong=8, cut=8)


def test_the_command_writes_a_compressed_file_and_lists_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hits.log.gz"
    arguments = ["hitlog", str(ESTATES / "minimal.yml"), "--lines", "300", "--seed", "1", "--wrong", "2", "-o", str(path)]
    assert main(arguments) == 0
    said = capsys.readouterr().out.splitlines()
    assert len(gzip.decompress(path.read_bytes()).splitlines()) == 300
    assert said[0].endswith("wrong 2")
    assert [line.split(":")[0].split()[0] for line in said[1:]] == ["line", "line"]
    assert main([*arguments, "--site", "west"]) == 2
