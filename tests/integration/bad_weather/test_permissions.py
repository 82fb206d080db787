"""A user who may not list a kind sees an empty list, not a refusal: nothing is concluded from it.

Item of the list of bad weather: an empty list where permission is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from prismsim.testing import running
from tests.integration.bad_weather.tells import check_told
from tests.integration.pair import MINIMAL, Pair

EVERYTHING, RULES = "microseg|categories", "config/policies"


@pytest.fixture(scope="module")
def replicated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """South has what north has."""
    with running(MINIMAL) as sim:
        pair = Pair(sim, tmp_path_factory.mktemp("permissions"))
        pair.prepare()
        assert "msg" not in pair.result("replicate")
        yield pair


@pytest.fixture
def pair(replicated: Pair) -> Iterator[Pair]:
    """No test may write to a site."""
    mark = replicated.sim.mark()
    yield replicated
    assert replicated.sim.writes(mark) == []
    replicated.sim.clear_faults()


def hide(pair: Pair, site: str, path: str) -> None:
    pair.sim.fault(do="empty_list", site=site, match={"method": "GET", "path": path})


def test_no_baseline_is_made_of_nothing(pair: Pair) -> None:
    hide(pair, "north", EVERYTHING)
    words = "shows no objects of any kind"
    check_told(pair.result("baseline"), words, "Check what the user may list", type="SafetyLimit", verb="export", site="north")


def test_a_kind_does_not_vanish_from_a_baseline(pair: Pair) -> None:
    hide(pair, "north", RULES)
    words = "the baseline had 9 security rule objects, the site shows none of them"
    check_told(pair.result("baseline"), words, "export to a new directory", type="SafetyLimit", verb="export", kind="baseline", site="north")
    assert pair.result("baseline_info")["counts"]["security_rule"] == 9


def test_nothing_is_pruned_or_written_where_nothing_is_shown(pair: Pair) -> None:
    hide(pair, "south", EVERYTHING)
    check_told(pair.result("replicate", prune=True), "shows no objects of any kind", type="SafetyLimit", verb="plan", site="south")


def test_a_site_that_shows_nothing_has_no_verdict(pair: Pair) -> None:
    hide(pair, "south", EVERYTHING)
    drift = pair.result("drift")
    assert (drift["verdict"], drift["objects"]) == ("cannot_tell", [])
    assert "compare on south: the site shows no objects of any kind" in drift["reason"]


@pytest.mark.parametrize(("path", "words"), [(EVERYTHING, "shows no objects of any kind"), (RULES, "the baseline had 9 security rule objects")])
def test_nothing_is_deleted_at_home_for_what_the_recovery_site_hides(pair: Pair, path: str, words: str) -> None:
    hide(pair, "south", path)
    check_told(pair.result("reconcile", max_deletes=100, max_vm_percent=100), words, type="SafetyLimit", verb="reconcile", site="south")
