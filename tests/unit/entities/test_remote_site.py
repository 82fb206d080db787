"""A remote site as people write it, as it is compared and as the API has it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._entities.remote_site import known_properties, remote_site
from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import NotRepresentable
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Directory
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.encode import encode
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity import decode, merge, read_params
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.entity_checks import check_whole
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.problems import Problems

SAMPLES = Path(__file__).parents[3] / "prismsim" / "tests" / "element_samples"
SITE = {"name": "ahv-dr", "addresses": ["198.51.100.50"]}
FRESH = {
    **SITE, "port": 2020, "capabilities": ["backup", "disaster_recovery"], "proxy": False, "ssh_tunnel": False, "compression": True,
}  # fmt: skip


def sample(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return {"extId": found.get("uuid"), **{key: value for key, value in found.items() if key in known_properties()}}


def read(params: dict[str, Any], unit: str = "bytes") -> tuple[dict[str, Any], list[str]]:
    problems = Problems()
    canonical = read_params(remote_site(unit), params, problems)
    if not problems.findings:
        check_whole(remote_site(unit), merge(remote_site(unit), {}, canonical), problems, new=True)
    return canonical, [str(finding) for finding in problems.findings]


def test_a_recorded_site_is_read_whole() -> None:
    held = decode(remote_site(), sample("rcn_v1_remote_site_get"), Directory())
    assert held.canonical == {
        **FRESH,
        "network_map": {"vlan10": "vlan20"},
        "vstore_map": {"SelfServiceContainer": "SelfServiceContainer", "default-container-77107": "storage-container-112133"},
    }
    assert held.ext_id == "3d5b8a2e-0000-4000-8000-000000000001"


def test_a_policy_that_a_script_once_wrote_is_read() -> None:
    parts = sample("doc_v1_remote_site_update_request_parts")
    held = decode(remote_site(), {**sample("rcn_v1_remote_site_get"), **parts}, Directory())
    every_day = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    assert held.canonical["bandwidth_policy"] == {
        "name": "PE-B_BW_Policy", "enabled": True, "windows": [{"days": every_day, "from": "00:00", "to": "00:00"}],
    }  # fmt: skip
    problems = Problems()
    check_whole(remote_site(), held.canonical, problems)
    assert problems.findings == [], "what is there may be written back"


def test_what_is_not_said_has_the_values_of_a_new_site() -> None:
    canonical, findings = read(SITE)
    assert findings == []
    whole = merge(remote_site(), {}, canonical)
    assert whole == FRESH
    assert encode(remote_site(), whole, Directory()) == {
        "name": "ahv-dr", "remoteIpPorts": {"198.51.100.50": 2020}, "capabilities": ["BACKUP", "DISASTER_RECOVERY"], "proxyEnabled": False,
        "sshEnabled": False, "compressionEnabled": True,
    }  # fmt: skip


POLICY = {
    "megabytes_per_second": 100.0,
    "windows": [
        {"days": ["friday", "monday"], "from": "8:00", "to": "18:00:30", "megabytes_per_second": 0.5},
        {"days": ["sunday"], "megabytes_per_second": 10},
    ],
}


@pytest.mark.parametrize(("unit", "limits"), [("bytes", (100_000_000, 500_000, 10_000_000)), ("megabytes", (100, 1, 10))])
def test_windows_and_limits_travel(unit: str, limits: tuple[int, int, int]) -> None:
    policy = json.loads(json.dumps(POLICY))
    if unit == "megabytes":
        policy["windows"][0]["megabytes_per_second"] = 1
    canonical, findings = read({**SITE, "bandwidth_policy": policy}, unit)
    assert findings == []
    whole = merge(remote_site(unit), {}, canonical)
    wire = encode(remote_site(unit), whole, Directory())
    windows = wire["bandwidthPolicy"]["bandwidthConfigurations"]
    assert (wire["bandwidthPolicyEnabled"], wire["bandwidthPolicy"]["policyName"]) == (True, "bandwidth")
    assert (wire["bandwidthPolicy"]["defaultBandwidthLimit"], windows[0]["bandwidthLimit"], windows[1]["bandwidthLimit"]) == limits
    assert [(window["startTime"], window["endTime"], window["daysSelected"]) for window in windows] == [
        (8 * 3_600_000, 18 * 3_600_000 + 30_000, 0b0100010),
        (0, 24 * 3_600_000, 0b0000001),
    ]
    assert decode(remote_site(unit), wire, Directory()).canonical == whole


def test_an_order_says_nothing() -> None:
    one, _none = read({**SITE, "addresses": ["10.0.0.10", "10.0.0.9"], "capabilities": ["disaster_recovery", "backup"], "vstore_map": {"b": "x", "a": "x"}})
    other, _none = read({**SITE, "addresses": ["10.0.0.9", "10.0.0.10"], "capabilities": ["backup", "disaster_recovery"], "vstore_map": {"a": "x", "b": "x"}})
    assert one == other
    assert one["addresses"] == ["10.0.0.9", "10.0.0.10"]
    wire = encode(remote_site(), merge(remote_site(), {}, one), Directory())
    wire["remoteIpPorts"] = dict(reversed(wire["remoteIpPorts"].items()))
    assert decode(remote_site(), wire, Directory()).canonical["addresses"] == one["addresses"]


@pytest.mark.parametrize("wire", [{"remoteIpAddressPorts": {"10.0.0.9": 2020}, "remoteIpPorts": None}, {"remoteIpPorts": {"10.0.0.9": 2020}}])
def test_addresses_are_read_from_either_property(wire: dict[str, Any]) -> None:
    assert decode(remote_site(), {**sample("rcn_v1_remote_site_get"), **wire}, Directory()).canonical["addresses"] == ["10.0.0.9"]


@pytest.mark.parametrize(
    ("given", "absent"),
    [
        ({"name": None, "enabled": None, "megabytes_per_second": None, "windows": None}, {}),
        ({}, {}),
        ({"enabled": False}, {"name": "bandwidth", "enabled": False}),
    ],
)
def test_a_policy_of_which_nothing_is_said_clears_it(given: dict[str, Any], absent: dict[str, Any]) -> None:
    canonical, findings = read({**SITE, "bandwidth_policy": given})
    assert (canonical["bandwidth_policy"], findings) == (absent, [])


@pytest.mark.parametrize(
    ("given", "finding"),
    [
        ({"addresses": []}, "remote site 'ahv-dr': 'addresses' is missing"),
        ({"addresses": ["10.0.0.0/24"]}, "addresses: '10.0.0.0/24' is not an IP address (write 10.0.0.1, without a prefix or a port)"),
        ({"addresses": ["10.0.0.1:2020"]}, "addresses: '10.0.0.1:2020' is not an IP address"),
        ({"port": 0}, "port: 0 is not a number from 1 to 65535"),
        ({"capabilities": ["backups"]}, "capabilities[0]: unknown value 'backups' (did you mean 'backup'?)"),
        ({"proxy": True, "addresses": ["10.0.0.1", "10.0.0.2"]}, "addresses: has several addresses, a site with a proxy has one"),
        ({"vstore_map": {"a": ["b", "c"]}}, "vstore_map.a: a storage container becomes one storage container of the peer, not 2 (choose one)"),
        ({"vstore_map": {"a": ""}}, "vstore_map.a: '' is not the name of a storage container"),
        ({"network_map": {10: "b"}}, "network_map.10: 'b' is not the name of a network (quote names that read like numbers or yes/no)"),
        ({"bandwidth_policy": {"megabytes_per_second": 0.0}}, "megabytes_per_second: 0.0 is no speed above 0 and up to 2147 MB/s (leave it out for no limit)"),
        ({"bandwidth_policy": {"megabytes_per_second": 4000}}, "4000 is no speed above 0 and up to 2147 MB/s"),
        ({"bandwidth_policy": {"windows": [{"from": "25:00"}]}}, "windows[0].from: '25:00' is no time of the day"),
        ({"bandwidth_policy": {"windows": [{"from": "28800"}]}}, "windows[0].from: '28800' is no time of the day (write \"08:00\", in quotes)"),
        ({"bandwidth_policy": {"windows": [{"days": ["mon"]}]}}, "windows[0].days: unknown value 'mon' (did you mean 'monday'?)"),
        ({"bandwidth_policy": {"windows": [{"days": []}]}}, "windows[0].days: names no day (leave it out for every day)"),
        (
            {"bandwidth_policy": {"windows": [{"from": "22:00", "to": "06:00"}]}},
            "windows[0]: ends at 06:00, before it begins at 22:00 (write two windows to go over midnight)",
        ),
        (
            {"bandwidth_policy": {"windows": [{"from": "08:00", "to": "18:00"}, {"days": ["monday"], "from": "17:00", "to": "20:00"}]}},
            "windows: two windows hold at once: monday 17:00-20:00 and 08:00-18:00 (let one end where the other begins)",
        ),
    ],
)
def test_what_is_wrong_is_found(given: dict[str, Any], finding: str) -> None:
    _canonical, findings = read({**SITE, **given})
    assert len(findings) == 1, findings
    assert finding in findings[0]


@pytest.mark.parametrize(
    ("wire", "path"),
    [
        ({"cloudType": "AWS", "region": "us-east-1"}, "remote_site.cloudType"),
        ({"remoteIpPorts": {"10.0.0.1": 2020, "10.0.0.2": 2021}}, "remote_site.remoteIpPorts has different ports"),
        ({"capabilities": ["TELEPORT"]}, "remote_site.capabilities has 'TELEPORT'"),
        (
            {"networkMapping": {"l2NetworkMappings": [{"srcHypervisorType": "kVMware", "srcNetworkName": "a", "destNetworkName": "b"}]}},
            "srcHypervisorType is not AHV",
        ),
        (
            {"networkMapping": {"l2NetworkMappings": [{"srcNetworkName": "a", "destNetworkName": "b"}, {"srcNetworkName": "a", "destNetworkName": "c"}]}},
            "srcNetworkName 'a' is mapped to 'b' and to 'c'",
        ),
        ({"bandwidthPolicy": {"policyName": "p", "bandwidthConfigurations": [{"startTime": 1, "endTime": 2000, "daysSelected": 127}]}}, "startTime is 1 ms"),
        ({"bandwidthPolicy": {"policyName": "p", "bandwidthConfigurations": [{"startTime": 0, "endTime": 2000, "daysSelected": 0}]}}, "names no days"),
        ({"bandwidthPolicy": {"policyName": "p", "priority": 3}}, "remote_site.bandwidthPolicy.priority"),
    ],
)
def test_what_there_are_no_words_for_is_refused(wire: dict[str, Any], path: str) -> None:
    with pytest.raises(NotRepresentable) as caught:
        decode(remote_site(), {**sample("rcn_v1_remote_site_get"), **wire}, Directory("east-ahv"))
    assert path in str(caught.value)
    assert str(caught.value).startswith("read remote site 'ahv-dr' on east-ahv: ")
