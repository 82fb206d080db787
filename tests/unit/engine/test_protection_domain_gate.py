"""How old copies are, and what the gate makes of that."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.protection_domain_decision import Decision
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.protection_domain_gate import Copy, reasons
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.replication_lag import age_of_newest, lags

NOW = 1_700_003_600_000_000
LINK = {
    "remoteSiteName": "south-ahv", "lastSuccessfulReplicationSnapshotId": "66051", "lastReplicationStartTimeInUsecs": NOW - 3_600_000_000,
    "currentReplicatingSnapshotId": "66072", "currentReplicatingSnapshotTotalBytes": 1000, "currentReplicatingSnapshotTransmittedBytes": 250,
}  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "link", "rpo", "seconds", "verdict"),
    [
        ("in time", LINK, 3600, 3600, "ok"),
        ("late", LINK, 3599, 3600, "problem"),
        ("no target", LINK, None, 3600, "ok"),
        ("never ended", {**LINK, "lastSuccessfulReplicationSnapshotId": None}, 3600, None, "problem"),
        ("the cluster's clock went back", {**LINK, "lastReplicationStartTimeInUsecs": NOW + 5_000_000}, 3600, 0, "ok"),
    ],
)
def test_lag(claim: str, link: dict[str, Any], rpo: int | None, seconds: int | None, verdict: str) -> None:
    [lag] = lags({"replicationLinks": [link], "remoteSiteNames": ["south-ahv"]}, NOW)
    assert (lag.seconds, lag.verdict(rpo), lag.replicating, lag.percent) == (seconds, verdict, True, 25), claim


def test_a_remote_site_without_a_copy_is_listed_too() -> None:
    assert [(lag.remote_site, lag.seconds) for lag in lags({"replicationLinks": None, "remoteSiteNames": ["south-ahv"]}, NOW)] == [("south-ahv", None)]


def test_the_newest_snapshot_counts() -> None:
    found = [{"snapshotId": str(number), "snapshotCreateTimeUsecs": NOW - number * 1_000_000} for number in (50, 20, 90)]
    assert (age_of_newest(found, NOW), age_of_newest([], NOW)) == ((20, "20", ()), None)


@pytest.mark.parametrize(
    ("claim", "verb", "told"),
    [
        ("activation loses what is younger", "activate", [("X", "ok"), ("PD_COPY_OLD", "problem")]),
        ("migration loses nothing", "migrate", [("X", "ok"), ("PD_LAG", "warning")]),
        ("so after waiting", "wait", [("X", "warning"), ("PD_LAG", "warning")]),
        ("refused is a problem", "refuse", [("X", "problem")]),
        ("moved is fine", "nothing", [("X", "ok")]),
    ],
)
def test_reasons(claim: str, verb: str, told: list[tuple[str, str]]) -> None:
    late = lags({"replicationLinks": [LINK]}, NOW)
    found = reasons({"shop": Decision(verb, "X", "is so")}, {"shop": Copy(7200, "66051")}, {"shop": late}, 60)
    assert [(reason.code, reason.status) for reason in found] == told, claim
    assert all("'shop'" in reason.text for reason in found)
