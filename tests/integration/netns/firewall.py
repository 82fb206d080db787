"""Packet filter rules out of the policies of a site, by the naive evaluator: what nftables lets pass owes nothing to the policy engine."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Any

from tests.unit.segmentation.naive import End, Probe, Site, answer

_PORTS = re.compile(r"(?:tcp|udp)/(\d+)(?:-(\d+))?")
_LAST = 65535


def ruleset(site: Site) -> str:
    """What a router between all VMs forwards, for `nft -f`."""
    lines = [line for source, destination in itertools.permutations(site.vms, 2) for line in _pair(site, source, destination)]
    head = ["table ip site {", "chain between_vms {", "type filter hook forward priority 0; policy drop;", "ct state established,related accept"]
    return "\n".join([*head, *lines, "}", "}", ""])


def address(vm: dict[str, Any]) -> str:
    return str(vm["nics"][0]["ip"])


def _pair(site: Site, source: dict[str, Any], destination: dict[str, Any]) -> Iterator[str]:
    ends = End(source, source["nics"][0]), End(destination, destination["nics"][0])
    for protocol in ("tcp", "udp"):
        spans = [span for span in _spans(site) if answer(site, Probe(*ends, 4, protocol, span[0])).allowed]
        if spans:
            ports = ", ".join(f"{low}-{high}" for low, high in spans)
            yield f"ip saddr {address(source)} ip daddr {address(destination)} {protocol} dport {{ {ports} }} accept"


def _spans(site: Site) -> list[tuple[int, int]]:
    """The ports, cut wherever a service begins or ends."""
    texts = [service for rule in site.rules for service in _services(rule)] + [text for group in site.service_groups for text in group["services"]]
    cuts = {0}
    for text in texts:
        found = _PORTS.fullmatch(text)
        if found:
            cuts |= {int(found[1]), int(found[2] or found[1]) + 1}
    starts = sorted(cut for cut in cuts if cut <= _LAST)
    return [(low, following - 1) for low, following in zip(starts, [*starts[1:], _LAST + 1], strict=True)]


def _services(value: Any) -> Iterator[str]:
    """Everything that stands in a list `services`, at any depth."""
    if isinstance(value, dict):
        yield from value.get("services", [])
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _services(one)
