# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the contract leaves unknown about Prism Element: the answers that are not the default ones.

Both answers of delete-in-use are in test_element_protection, those of recovered VMs, same-name containers and the unit of
bandwidth limits in test_element_failover and test_element_protection.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime

import requests
from element_client import DR, PRIMARY, Element, estate

from prismsim.testing import running

SITES = "v2.0/remote_sites"
MAP = {"SelfServiceContainer": "SelfServiceContainer"}


@contextmanager
def chosen(paired: bool = True, **switches: bool) -> Iterator[Element]:
    with running(estate(paired=paired, switches=switches)) as simulator:
        yield Element(simulator, PRIMARY)


def test_how_a_status_is_written_and_when() -> None:
    with chosen() as north:
        assert north.site("ahv-dr")["status"] == "RELATIONSHIP_ESTABLISHED"
        assert "remote_ip_address_ports" not in north.site("ahv-dr")
        assert north.site("ahv-dr", full_details="true")["remote_vstore_info"] == {}
    names = ("status_lower_case", "status_needs_full_details", "address_ports", "remote_vstore_info")
    with chosen(**{f"element_{name}": True for name in names}) as north:
        short, full = north.site("ahv-dr"), north.site("ahv-dr", full_details="true")
        assert (short["status"], short["latency_in_usecs"]) == (None, None)
        assert (full["status"], full["latency_in_usecs"]) == ("relationship_established", 1000)
        assert full["remote_ip_address_ports"] == full["remote_ip_ports"]
        assert sorted(full["remote_vstore_info"]) == ["SelfServiceContainer", "storage-container-112133"]
        assert north("GET", "v1/remote_sites", fullDetails="true")[0]["status"] == "relationship_established"


def test_one_half_alone() -> None:
    with chosen(paired=False, element_one_half_handshakes=True) as north:
        assert north.pair("ahv-dr", "198.51.100.50")["status"] == "HANDSHAKING"


def test_patch() -> None:
    body = {"operation": "UPDATE", "generic_dto": {"name": "ahv-dr", "remote_ip_ports": {"198.51.100.51": 2020}}}
    with chosen() as north:
        patched = north("PATCH", SITES, body)
        assert (len(patched["vstore_name_map"]), patched["remote_ip_ports"]) == (2, {"198.51.100.51": 2020})
    with chosen(element_patch_merges=False) as north:
        assert north("PATCH", SITES, body)["vstore_name_map"] == {}


def test_unknown_vstores_and_the_code_of_a_broken_rule() -> None:
    with chosen(element_unknown_vstore_refused=False, element_rules_answer_422=True) as north:
        kept = north("PUT", SITES, {**north.site("ahv-dr"), "vstore_name_map": {"gone": "lost"}})
        assert kept["vstore_name_map"] == {"gone": "lost"}
        assert "already exists" in north.refused(422, "POST", SITES, {"name": "ahv-dr", "remote_ip_ports": {"203.0.113.1": 2020}})
        north("POST", SITES, {"name": "down", "remote_ip_ports": {"203.0.113.1": 2020}, "vstore_name_map": MAP})
    with chosen(element_rules_answer_422=True) as north:
        body = {"name": "down", "remote_ip_ports": {"203.0.113.1": 2020}, "vstore_name_map": MAP}
        assert "UNREACHABLE" in north.refused(422, "POST", SITES, body)


def test_the_code_of_an_unknown_name() -> None:
    with chosen(element_unknown_name_answers_404=False) as north:
        assert "does not exist" in north.refused(500, "GET", f"{SITES}/nobody")


def test_clocks_may_differ_and_a_401_may_be_empty() -> None:
    document = estate(paired=True, switches={"unauthorized_has_body": False})
    document["sites"]["south"]["clusters"][0]["clock_offset_seconds"] = 90
    with running(document) as simulator:
        dates = [parsedate_to_datetime(Element(simulator, path).call("GET", "v2.0/cluster").headers["Date"]) for path in (PRIMARY, DR)]
        assert 89 <= (dates[1] - dates[0]).total_seconds() <= 95
        cluster = simulator.cluster(DR)
        session = requests.Session()
        session.trust_env = False
        answer = session.get(f"{cluster['url']}/api/nutanix/v2.0/cluster", auth=("admin", "wrong"), verify=simulator.ready["ca"], timeout=10)
        assert (answer.status_code, answer.text) == (401, "")
