"""A baseline or a site map that is not what was exported or can't be read: refused with file and line, before the first write.

Items of the list of bad weather: a baseline with one byte changed, a file missing, a file too many, invalid YAML; a site map that names
what doesn't exist.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from prismsim.testing import running
from tests.integration.bad_weather.tells import check_told
from tests.integration.pair import MINIMAL, Pair

RULE = Path("security_rules") / "shop.yml"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with running(MINIMAL) as sim:
        pair = Pair(sim, tmp_path_factory.mktemp("files"))
        pair.prepare()
        shutil.copytree(pair.baseline, pair.directory / "kept")
        shutil.copy(pair.site_map, pair.directory / "kept.yml")
        yield pair


@pytest.fixture
def pair(prepared: Pair) -> Iterator[Pair]:
    """A baseline and a site map that each test may spoil; no test may write to a site."""
    mark = prepared.sim.mark()
    yield prepared
    assert prepared.sim.writes(mark) == []
    shutil.rmtree(prepared.baseline)
    shutil.copytree(prepared.directory / "kept", prepared.baseline)
    shutil.copy(prepared.directory / "kept.yml", prepared.site_map)


def flip(file: Path) -> None:
    """Change one byte."""
    content = bytearray(file.read_bytes())
    content[-2] ^= 1
    file.write_bytes(content)


DAMAGES: list[tuple[str, Callable[[Path], object], str, str]] = [
    ("one byte changed", lambda path: flip(path / RULE), f"{RULE}:", "was changed after the export"),
    ("a file missing", lambda path: (path / RULE).unlink(), f"{RULE}:", "is missing"),
    ("a file too many", lambda path: (path / "security_rules" / "extra.yml").write_text("name: extra\n"), "extra.yml:", "is not in the manifest"),
    ("no manifest", lambda path: (path / "manifest.json").unlink(), "manifest.json:", "is missing, this is no baseline"),
    ("half a manifest", lambda path: (path / "manifest.json").write_text('{"counts": {'), "manifest.json:1:", "is no JSON"),
]


@pytest.mark.parametrize("module", ["baseline_info", "replicate"])
@pytest.mark.parametrize(("damage", "where", "words"), [case[1:] for case in DAMAGES], ids=[case[0] for case in DAMAGES])
def test_a_damaged_baseline(pair: Pair, module: str, damage: Callable[[Path], object], where: str, words: str) -> None:
    damage(pair.baseline)
    check_told(pair.result(module), where, words, type="InvalidInput", verb="read")


def test_a_baseline_that_is_no_yaml(pair: Pair) -> None:
    file = pair.baseline / RULE
    lines = file.read_text().count("\n")
    file.write_text(file.read_text() + "groups: [\n")
    result = pair.result("replicate")
    check_told(result, "was changed after the export", "is no YAML", type="InvalidInput", verb="read")
    assert f"{file}:{lines + 2}" in [finding["where"] for finding in result["findings"]]


WRONG_MAPS: list[tuple[str, str, str, str]] = [
    ("south: servers", "south: serverz", "there is no subnet 'serverz' on south", "did you mean 'servers'?"),
    ("south: tenant,", "south: tenanr,", "there is no vpc 'tenanr' on south", "did you mean 'tenant'?"),
    ("south: south-ahv", "south: gone-ahv", "there is no cluster 'gone-ahv' on south", ""),
    ("max_deletes: 10", "max_deletes: many", "'many' is not a whole number", ""),
    ("targets:", "targetz:", "unknown key 'targetz'", "did you mean 'targets'?"),
    ("maps:", "maps: [", "is no YAML", "correct that line"),
]


@pytest.mark.parametrize(("right", "wrong", "problem", "fix"), WRONG_MAPS, ids=[case[1] for case in WRONG_MAPS])
def test_a_wrong_site_map(pair: Pair, right: str, wrong: str, problem: str, fix: str) -> None:
    text = pair.site_map.read_text().replace(right, wrong, 1)
    pair.site_map.write_text(text)
    result = pair.result("site_map")
    assert (result["error"]["type"], problem in result["msg"], fix in result["msg"]) == ("InvalidInput", True, True), result["msg"]
    (finding,) = (one for one in result["findings"] if problem in one["problem"])
    line = int(finding["where"].rpartition(":")[2])
    assert wrong in text.splitlines()[line - 1] or problem == "is no YAML"
    assert pair.site_map.read_text() == text, "a person's file stays as it is"


def test_no_site_map(pair: Pair) -> None:
    pair.site_map.unlink()
    mark = pair.sim.mark()
    check_told(pair.result("replicate"), "dr_site_map.yml: is missing", "generate one", type="InvalidInput", verb="read")
    assert pair.sim.requests(mark) == [], "the map is read before any site is asked"
