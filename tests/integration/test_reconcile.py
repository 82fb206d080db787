"""reconcile: edits of the recovery site come home, conflicts stop it, nothing is done twice."""

from __future__ import annotations

import pytest

from tests.integration.pair import Pair


@pytest.fixture
def failed_over(ready_pair: Pair) -> Pair:
    """South has what north had."""
    assert ready_pair.result("replicate")["changed"] is True
    return ready_pair


def test_nothing_edited_is_nothing_to_do(failed_over: Pair) -> None:
    result = failed_over.result("reconcile")
    assert (result["changed"], result["take"], result["keep"], result["conflicts"]) == (False, [], [], [])
    assert result["summary"]["unchanged"] == failed_over.result("replicate")["summary"]["unchanged"] > 0


def test_edits_come_home_once(failed_over: Pair) -> None:
    sim = failed_over.sim
    objects = failed_over.result("reconcile")["summary"]["unchanged"]
    sim.edit("south", "security_policy", "shared-dns", {"description": "edited while failed over"})
    sim.create("south", "address_group", {"name": "new-office", "ipv4Addresses": [{"value": "10.2.1.77", "prefixLength": 32}]})
    sim.delete("south", "security_policy", "tenant-apps")
    sim.edit("north", "security_policy", "shop-db", {"description": "edited at home"})
    mark = sim.mark()
    foretold = failed_over.result("reconcile", check=True)
    assert sim.writes(mark) == []
    assert [item["name"] for item in foretold["take"]] == ["new-office", "shared-dns", "tenant-apps"]
    assert [item["name"] for item in foretold["keep"]] == ["shop-db"]
    assert foretold["summary"]["unchanged"] == objects - 2, "all but the one that is changed and the one that goes"
    done = failed_over.result("reconcile", confirmed_digest=foretold["confirmation_digest"], record=failed_over.record("apply"))
    assert {**foretold, "outcomes": 0} == {**done, "outcomes": 0}
    home = sim.state("north")
    assert home["address_group"]["new-office"]["ipv4Addresses"][0]["value"] == "10.1.1.77"
    assert home["security_policy"]["shared-dns"]["description"] == "edited while failed over"
    assert home["security_policy"]["shop-db"]["description"] == "edited at home"
    assert "tenant-apps" not in home["security_policy"]
    again = failed_over.result("reconcile", confirmed_digest=foretold["confirmation_digest"])
    assert again["changed"] is False


def test_conflicts_are_all_named_before_the_first_write(failed_over: Pair) -> None:
    sim = failed_over.sim
    sim.edit("south", "security_policy", "shop", {"description": "south says"})
    sim.edit("north", "security_policy", "shop", {"description": "north says"})
    sim.edit("south", "security_policy", "shop-db", {"description": "south says"})
    sim.delete("north", "security_policy", "shop-db")
    sim.edit("south", "security_policy", "shared-dns", {"description": "no conflict"})
    mark = sim.mark()
    result = failed_over.result("reconcile")
    assert [item["name"] for item in result["conflicts"]] == ["shop", "shop-db"]
    assert [finding["where"] for finding in result["findings"]] == ["security rule 'shop'", "security rule 'shop-db'"]
    assert sim.writes(mark) == []


def test_an_empty_recovery_site_deletes_nothing_at_home(ready_pair: Pair) -> None:
    mark = ready_pair.sim.mark()
    result = ready_pair.result("reconcile")
    assert result["failed"]
    assert ready_pair.sim.writes(mark) == []
    assert len(ready_pair.sim.state("north")["security_policy"]) == 9
