"""A pairing in words: cluster by cluster, with what goes, what stays, and what has no copy."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.filter.pairing_lines import FilterModule, pairing_lines

AFTER = {"name": "s", "addresses": ["10.2.0.10"], "compression": True, "vstore_map": {"a": "a", "b": "x"}, "network_map": {"web": "web-dr"}}
HALF = {
    "site": "north", "cluster": "n", "name": "s", "verb": "create", "before": {}, "after": AFTER, "same_name": ["a"], "unlisted": {}, "unmapped": [],
}  # fmt: skip


def test_a_new_half_is_told_in_full() -> None:
    users = [f"VM v{number}" for number in range(7)]
    assert pairing_lines({"halves": [{**HALF, "unmapped": [{"container": "scratch", "workloads": users}]}]}) == [
        "On cluster n (north)",
        "  create remote site 's'",
        "    addresses: 10.2.0.10",
        "    compression: yes",
        "    storage containers:",
        "      a -> a (same name)",
        "      b -> x",
        "    networks:",
        "      web -> web-dr",
        "    NOT replicated: storage container scratch leads nowhere and holds VM v0, VM v1, VM v2, VM v3, VM v4 and 2 more",
    ]


def test_a_change_tells_both() -> None:
    before = {**AFTER, "addresses": ["203.0.113.9"], "vstore_map": {"a": "a", "b": "y", "old": "z", "own": "w"}}
    after = {**AFTER, "vstore_map": {**AFTER["vstore_map"], "own": "w"}, "bandwidth_policy": {"name": "b", "megabytes_per_second": 40}}
    assert pairing_lines({"halves": [{**HALF, "verb": "update", "before": before, "after": after, "unlisted": {"own": "w"}}]}) == [
        "On cluster n (north)",
        "  change remote site 's'",
        "    addresses: 203.0.113.9 becomes 10.2.0.10",
        "    bandwidth policy: none becomes name b; megabytes per second 40",
        "    storage containers:",
        "      a -> a (same name)",
        "      b -> x, was y",
        "      old -> z goes",
        "      own -> w (not in the site map, stays)",
        "    networks:",
        "      web -> web-dr stays",
    ]


def test_nothing_to_do_and_replaced() -> None:
    assert pairing_lines({"halves": [{**HALF, "verb": "none", "before": AFTER}]})[1] == "  leave remote site 's' as it is"
    assert pairing_lines({"halves": [{**HALF, "verb": "replace", "before": AFTER}]})[1] == "  DELETE remote site 's' and make it anew"


def test_ansible_finds_it() -> None:
    assert FilterModule().filters() == {"pairing_lines": pairing_lines}
