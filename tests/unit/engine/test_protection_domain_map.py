"""Which protection domains a site map moves, and what is wrong with what it says of them."""

from __future__ import annotations

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.protection_domain_map import mapped_domains
from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.site_map_file import parse_site_map
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput

HEAD = """\
schema_version: 1
sites:
  north: {prism_central: pc-north, clusters: [n1, n2]}
  south: {prism_central: pc-south, clusters: [s1, s2]}
maps:
"""
ONE = "  clusters: [{north: n1, south: s1}]\n"
TWO = "  clusters:\n    - {north: n1, south: s1}\n    - {north: n2, south: s2}\n"


def said(pairs: str, domains: str) -> list[tuple[str, str, str, str]]:
    """Name, both clusters, and what the northern one calls the other."""
    site_map = parse_site_map(f"{HEAD}{pairs}  protection_domains: {domains}\n", "map.yml")
    return [(one.name, one.cluster("north"), one.cluster("south"), one.remote_site("north")) for one in mapped_domains(site_map)]


@pytest.mark.parametrize(
    ("pairs", "domains", "found"),
    [
        (ONE, "[shop]", [("shop", "n1", "s1", "s1")]),
        (ONE, "[shop, {name: lab, note: moves last}]", [("shop", "n1", "s1", "s1"), ("lab", "n1", "s1", "s1")]),
        (TWO, "[{name: shop, north: n2}, {name: lab, north: n1, south: s1}]", [("shop", "n2", "s2", "s2"), ("lab", "n1", "s1", "s1")]),
        (ONE + "  remote_sites: [{north: to-south, south: to-north}]\n", "[shop]", [("shop", "n1", "s1", "to-south")]),
    ],
)
def test_where_they_live(pairs: str, domains: str, found: list[tuple[str, str, str, str]]) -> None:
    assert said(pairs, domains) == found


@pytest.mark.parametrize(
    ("pairs", "domains", "problem"),
    [
        ("", "[shop]", "maps.clusters pairs no clusters"),
        (TWO, "[shop]", "may be on several pairs of clusters: n1 and s1; n2 and s2"),
        (TWO, "[{name: shop, north: n1, south: s2}]", "names clusters that are no pair"),
        (ONE, "[shop, shop]", "'shop' is listed twice"),
        (ONE, "[{north: n1}]", "'name' is missing"),
        (ONE, "[{name: shop, nort: n1}]", "unknown key 'nort'"),
        (ONE, "[]", "lists no protection_domains"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(pairs: str, domains: str, problem: str) -> None:
    with pytest.raises(InvalidInput) as told:
        said(pairs, domains)
    assert any(problem in finding.problem for finding in told.value.findings)
    assert all(finding.where.startswith("map.yml") for finding in told.value.findings)
