# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of connect_scan: probes in, observations out. Runs on VMs, so it imports nothing but the standard library and Ansible."""

from __future__ import annotations

import ipaddress
import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._net.connect_scan import ICMP, NOT_RUN, OUTCOMES, TCP, UDP, Observation, Pace, Probe, scan

_LIMITS = {"timeout": (0.1, 30), "concurrency": (1, 20), "rate": (0.1, 200), "retries": (0, 3)}
"""Nobody's monitoring should take a check of ours for an attack."""


def run_connect_scan() -> None:
    """The whole of the module."""
    probe = {
        "id": {"type": "str", "required": True},
        "address": {"type": "str", "required": True},
        "protocol": {"type": "str", "choices": [TCP, UDP, ICMP], "default": TCP},
        "port": {"type": "int", "default": 0},
        "source": {"type": "str", "default": ""},
    }
    spec = {
        "probes": {"type": "list", "elements": "dict", "options": probe, "required": True},
        "enabled": {"type": "bool", "default": False},
        "timeout": {"type": "float", "default": 2},
        "concurrency": {"type": "int", "default": 10},
        "rate": {"type": "float", "default": 20},
        "retries": {"type": "int", "default": 1},
    }
    module = AnsibleModule(argument_spec=spec, supports_check_mode=True)
    params = module.params
    probes = [Probe(**item) for item in params["probes"]]
    wrong = faults(probes, params)
    if wrong:
        module.fail_json(msg="\n".join(["nothing was sent:", *(f"  - {one}" for one in wrong)]), observed=[], counts={})
    if module.check_mode or not params["enabled"]:
        reason = "check mode" if module.check_mode else "not enabled"
        observed = [Observation(probe.id, NOT_RUN, reason) for probe in probes]
    else:
        observed = scan(probes, Pace(*(params[name] for name in Pace._fields)))
    counts = {outcome: sum(one.outcome == outcome for one in observed) for outcome in OUTCOMES}
    module.exit_json(changed=False, observed=[dict(one._asdict()) for one in observed], counts=counts)


def faults(probes: t.Sequence[Probe], params: t.Mapping[str, t.Any]) -> list[str]:
    """Everything that is wrong with what was given; nothing is sent then."""
    found = [
        f"{name} is {params[name]}, it must be between {low} and {high}"
        for name, (low, high) in _LIMITS.items()
        if not low <= params[name] <= high
    ]
    ids = [probe.id for probe in probes]
    found += [f"probe {name} is there twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    for probe in probes:
        for what, text in (("address", probe.address), ("source", probe.source)):
            problem = _address_fault(text) if text or what == "address" else ""
            if problem:
                found.append(f"probe {probe.id}: {what} '{text}' {problem}")
        if probe.protocol != ICMP and not 1 <= probe.port <= 65535:
            found.append(f"probe {probe.id}: port {probe.port} must be between 1 and 65535")
    return found


def _address_fault(text: str) -> str:
    """Names are refused: who asks a name server may reach another host than the one that was judged."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "is no IP address"
    if address.is_multicast or address.is_unspecified or text == "255.255.255.255":
        return "is not the address of one host"
    return ""
