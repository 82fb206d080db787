# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the policies of a site do at one end of a flow: written for the hit logs from the rules of precedence, one packet at a time.

The simulator's own judgement. It shares no code with whoever reads the logs, so that a log can contradict its reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from prismsim.estate.model import Body, Site
from prismsim.hitlog.ends import End
from prismsim.hitlog.members import CannotJudge, Members, Packet

__all__ = ["CannotJudge", "Decision", "Judge"]

_LEVELS = {"APPLICATION": (9, 10, 11, 12), "SHAREDSERVICE": (4, 5, 6, 7), "QUARANTINE": (0, 0, 2, 3)}
_STRICT, _ISOLATION = 1, 8
_SIDES = {"out": "dest", "in": "src"}
_STRICT_CATEGORY = "@category:Quarantine/Default"


class Decision(NamedTuple):
    """What is done and logged: ALLOW, DROP or MONITOR by a policy; ``policy`` is None where none has a say, and nothing is logged."""

    action: str
    policy: Body | None
    description: str = ""


class _Match(NamedTuple):
    """Sorted: enforced policies first, then by level; at one level the lower rank wins."""

    monitored: bool
    level: int
    rank: int
    policy: str
    drops: bool
    description: str


class Judge:
    """The policies of one site. Raises CannotJudge for those that it has no judgement of."""

    def __init__(self, site: Site) -> None:
        self.members = Members(site)
        self.policies = {str(body["name"]): body for body in site.security_policies if body.get("state") in ("MONITOR", "ENFORCE")}
        self._by_category: dict[str, list[tuple[Body, Body]]] = {}
        self._others: list[tuple[Body, Body]] = []
        for name, policy in self.policies.items():
            if policy["type"] not in (*_LEVELS, "ISOLATION"):
                raise CannotJudge(f"security policy '{name}' is of type {policy['type']}")
            for rule in policy["rules"]:
                self._index(policy, rule)

    def rules(self) -> list[tuple[Body, Body]]:
        """Each policy with each of its rules that secures somebody."""
        return [(policy, rule) for policy in self.policies.values() for rule in policy["rules"] if "ISOLATION" not in rule["type"]]

    def at_end(self, own: End, peer: End, direction: str, packet: Packet) -> Decision:
        """What ``own`` does with a packet to (``out``) or from (``in``) ``peer``."""
        if not own.vm:
            return Decision("ALLOW", None)
        found = min(self._matches(own, peer, direction, packet), default=None)
        if found is None:
            return Decision("ALLOW", None)
        action = "ALLOW" if not found.drops else "MONITOR" if found.monitored else "DROP"
        return Decision(action, self.policies[found.policy], found.description)

    def _index(self, policy: Body, rule: Body) -> None:
        """By a category that only the secured can have, so that a large site needs no look at every rule."""
        spec = rule["spec"]
        secured = spec.get("securedGroupCategoryReferences")
        by_vm = secured and spec.get("securedGroupCategoryAssociatedEntityType", "VM") == "VM" and not spec.get("securedGroupEntityGroupReference")
        if by_vm and policy["type"] != "SHAREDSERVICE":
            self._by_category.setdefault(secured[0], []).append((policy, rule))
        else:
            self._others.append((policy, rule))

    def _matches(self, own: End, peer: End, direction: str, packet: Packet) -> Iterator[_Match]:
        near = [one for category in own.categories.get("VM", ()) for one in self._by_category.get(category, ())]
        for policy, rule in (*near, *self._others):
            monitored, name = policy["state"] == "MONITOR", str(policy["name"])
            description = str(rule.get("description") or "")
            for level, rank, drops in self._of_rule(policy, rule, own, peer, direction, packet):
                yield _Match(monitored, level, rank, name, drops, description)

    def _of_rule(self, policy: Body, rule: Body, own: End, peer: End, direction: str, packet: Packet) -> Iterator[tuple[int, int, bool]]:
        spec = rule["spec"]
        if policy["type"] == "ISOLATION":
            if self._isolates(policy, spec, own, peer):
                yield _ISOLATION, 0, True
            return
        intra, intra_rest, allow, rest = _LEVELS[policy["type"]]
        follows = own.family == 4 or (policy.get("isIpv6AddressScope") and not policy.get("isIpv6TrafficAllowed"))
        if follows and policy["type"] == "SHAREDSERVICE" and rule["type"] != "INTRA_GROUP" and self.members.secured(spec, policy, peer):
            # Whoever may talk to a shared service may do so at its own end too.
            other = _SIDES["in" if direction == "out" else "out"]
            if _has_side(spec, other) and own.enforced and self.members.service(spec, packet) and self.members.peer(spec, other, policy, own):
                yield allow, 0, False
        if not self.members.secured(spec, policy, own):
            return
        if policy["type"] == "QUARANTINE" and _STRICT_CATEGORY in spec.get("securedGroupCategoryReferences", []):
            yield _STRICT, 0, True
            return
        if own.family == 6 and policy.get("isIpv6TrafficAllowed"):
            yield allow, 0, False
            return
        yield rest, 0, True
        if not follows:
            return
        if rule["type"] == "INTRA_GROUP":
            if self.members.secured(spec, policy, peer):
                yield intra_rest, 0, True
                limited = any("Service" in key for key in spec) and not spec.get("isAllProtocolAllowed")
                if spec["securedGroupAction"] == "DENY":
                    yield intra, 0, True
                elif not limited or self.members.service(spec, packet, "securedGroupServiceReferences"):
                    yield intra, 1, False
            return
        side = _SIDES[direction]
        if _has_side(spec, side) and self.members.service(spec, packet) and self.members.peer(spec, side, policy, peer):
            yield allow, 0, False

    def _isolates(self, policy: Body, spec: Body, own: End, peer: End) -> bool:
        if own.family == 6 and policy.get("isIpv6TrafficAllowed"):
            return False
        if "firstIsolationGroup" in spec:
            groups: list[Body] = [{"groupCategoryReferences": spec[name]} for name in ("firstIsolationGroup", "secondIsolationGroup")]
        else:
            groups = list(spec["spec"]["isolationGroups"])
        mine = [index for index, group in enumerate(groups) if self.members.isolated(group, policy, own)]
        theirs = [index for index, group in enumerate(groups) if self.members.isolated(group, policy, peer)]
        return any(one != other for one in mine for other in theirs)


def _has_side(spec: Body, side: str) -> bool:
    return any(key.startswith(side) and spec[key] for key in spec)
