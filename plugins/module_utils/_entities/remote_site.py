# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The remote site: one cluster's half of a pair. Knows its table only (contract/element section 2.1)."""

from __future__ import annotations

import functools
import typing as t

from .._model.codec import Property
from .._model.entity import Canonical, Entity
from .._model.form import Choice, Flag, Minor, Number, Text
from .._model.problems import Problems
from .._model.struct import Field, ListOf, Struct
from .remote_site_codecs import CAPABILITIES, BandwidthPolicy, Capabilities, NetworkMap, RemoteAddresses
from .remote_site_forms import DAYS, Days, HostAddresses, NameMap, Speed, TimeOfDay, seconds_of, windows_overlap

CONTROL_PORT = 2020
# How the API counts the limits of a bandwidth policy: units per MB/s.
UNITS = {"bytes": 1_000_000, "megabytes": 1}
_LARGEST_INTEGER = 2**31 - 1

# What a site may hold without being a pair of two clusters (a cloud): left over, it makes the site unreadable.
_SERVER_MADE = (
    "uuid", "remoteVStoreInfo", "markedForRemoval", "status", "latencyInUsecs", "metroReady", "clusterId", "clusterIncarnationId",
    "clusterExternalDataServicesIPAddress", "clusterArch", "clusterType", "replicationLinks", "stats", "usageStats", "alertSummary",
    "healthSummary",
)  # fmt: skip
_CLOUD = ("cloudType", "region", "credentialName", "cvmName")


class _BandwidthForm(Struct):
    """Nothing mentioned is no policy, rather than one with defaults."""

    def canonical(self, value: t.Any, at: str, problems: Problems) -> t.Any:
        if isinstance(value, dict) and all(item is None for item in value.values()):
            return {}
        return super().canonical(value, at, problems)


@functools.cache
def remote_site(unit: str = "bytes") -> Entity:
    """The table, for an API that counts bandwidth in ``unit`` (of ``UNITS``)."""
    speed = Speed(_LARGEST_INTEGER // UNITS[unit])
    window = Struct(
        (
            Field("days", Days(), default=list(DAYS)),
            Field("from", TimeOfDay(), default="00:00"),
            Field("to", TimeOfDay(), default="24:00"),
            Field("megabytes_per_second", speed),
        )
    )
    bandwidth = _BandwidthForm(
        (
            Field("name", Text(longest=64), default="bandwidth"),
            Field("enabled", Flag(), default=True),
            Field("megabytes_per_second", speed),
            Field("windows", ListOf(window), absent=[]),
        )
    )
    return Entity(
        kind="remote_site",
        plural="remote_sites",
        namespace="element",
        path="remote_sites",
        object_type="",
        since=(1, 0),
        fields=(
            Field("name", Text(longest=75), Property("name", exact=True), required=True, immutable=True),
            Field("addresses", HostAddresses(), required=True, absent=[]),
            Field("port", Number(1, 65535), default=CONTROL_PORT),
            Field("capabilities", ListOf(Choice(tuple(sorted(CAPABILITIES)))), Capabilities(), default=["backup", "disaster_recovery"]),
            Field("proxy", Flag(), Property("proxyEnabled"), default=False),
            Field("ssh_tunnel", Flag(), Property("sshEnabled"), default=False),
            Field("compression", Flag(), Property("compressionEnabled"), default=True),
            Field("bandwidth_policy", bandwidth, BandwidthPolicy(UNITS[unit]), absent={}),
            Field("network_map", NameMap("network"), NetworkMap(), absent={}),
            Field("vstore_map", NameMap("storage container"), Property("vstoreNameMap"), absent={}),
        ),
        parts=RemoteAddresses(),
        server_made=_SERVER_MADE,
        site_owned=("maxBps",),
        checks=(_check_proxy, _check_windows),
    )


def known_properties() -> frozenset[str]:
    """What of a body has a meaning here. Later releases may show more, which is kept on update and shown as it came."""
    written = ("name", "remoteIpPorts", "remoteIpAddressPorts", "capabilities", "proxyEnabled", "sshEnabled", "compressionEnabled")
    maps = ("bandwidthPolicyEnabled", "bandwidthPolicy", "networkMapping", "vstoreNameMap", "maxBps")
    return frozenset((*written, *maps, *_SERVER_MADE, *_CLOUD))


def _check_proxy(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    if canonical.get("proxy") and len(canonical.get("addresses", [])) > 1:
        problems.add(f"{where}.addresses", "has several addresses, a site with a proxy has one", "give the virtual IP of the peer, as the proxy shows it")


def _check_windows(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    windows: list[dict[str, t.Any]] = canonical.get("bandwidth_policy", {}).get("windows", [])
    at = f"{where}.bandwidth_policy.windows"
    for index, window in enumerate(windows):
        if seconds_of(window["from"]) >= seconds_of(window["to"]) > 0:
            problems.add(f"{at}[{index}]", f"ends at {window['to']}, before it begins at {window['from']}", "write two windows to go over midnight")
    overlap = windows_overlap(windows)
    if overlap:
        problems.add(at, f"two windows hold at once: {overlap}", "let one end where the other begins")
