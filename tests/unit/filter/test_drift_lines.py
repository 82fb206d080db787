"""A comparison in words: the verdict and each object that is not equal. "Cannot tell" is never worded as equal."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.filter.drift_lines import drift_lines


def test_each_object_that_is_not_equal_has_its_line() -> None:
    objects = [
        {"kind": "security_rule", "name": "shop", "state": "differs", "fields": ["mode", "groups"], "reason": None},
        {"kind": "address_group", "name": "x", "state": "cannot_tell", "fields": [], "reason": "403"},
    ]
    assert drift_lines({"verdict": "cannot_tell", "counts": {"equal": 3}, "objects": objects}, "baseline and south") == [
        "baseline and south: cannot tell, 3 objects are equal",
        "  differs: security rule 'shop' in mode, groups",
        "  cannot tell: address group 'x' (403)",
    ]
