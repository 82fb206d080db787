# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can't be right about a recovery plan as a whole (contract/v4 section 11.3). Knows no wire format."""

from __future__ import annotations

from .._model.entity import Canonical
from .._model.form import Minor
from .._model.form_categories import category_names
from .._model.problems import Problems


def check_places(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    """Two places; on one Prism Central they are told apart by their clusters."""
    sides = [canonical.get(side) or {} for side in ("primary", "recovery")]
    if not all(sides) or sides[0].get("prism_central") != sides[1].get("prism_central"):
        return
    clusters = [set(side.get("clusters", ())) for side in sides]
    if not all(clusters) or clusters[0] & clusters[1]:
        problems.add(where, "primary and recovery are on one Prism Central and not told apart by clusters", "give each side clusters of its own")


def check_stages(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    """A stage recovers somebody, and nobody is in two."""
    seen: dict[str, int] = {}
    for index, stage in enumerate(canonical.get("stages", [])):
        at = f"{where}.stages (priority {stage.get('priority')})"
        named = [f"VM {name}" for name in stage.get("vms", ())] + [f"category {name}" for name in category_names(stage.get("categories", {}))]
        if not named:
            problems.add(at, "recovers nobody", "name vms or categories")
        for name in named:
            if seen.setdefault(name, index) != index:
                problems.add(at, f"{name} is in two stages", "leave it in the one that it is to be recovered in")


def check_settings(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    """Each setting is for one VM or one category; addresses belong to networks that the plan maps."""
    mapped = {mapping.get("primary"): mapping for mapping in canonical.get("network_mappings", [])}
    seen: set[str] = set()
    for setting in canonical.get("recovery_settings", []):
        name = str(setting.get("vm") or setting.get("category"))
        at = f"{where}.recovery_settings ({name})"
        if ("vm" in setting) == ("category" in setting):
            problems.add(at, "is for neither or both of a VM and a category", "give vm or category")
        if name in seen:
            problems.add(at, "is there twice", "merge the two")
        seen.add(name)
        if setting.get("ip_addresses") and "vm" not in setting:
            problems.add(at, "has ip_addresses, which only a VM can have", "write one setting per VM")
        for address in setting.get("ip_addresses", ()):
            mapping = mapped.get(address.get("network"))
            if mapping is None:
                problems.unknown(at, address.get("network"), filter(None, mapped), "primary network of the plan's mappings")
            elif not mapping.get("ip_mapping"):
                problems.add(
                    at, f"the mapping of network '{address.get('network')}' has no ip_mapping, so addresses say nothing", "write ip_mapping: true there"
                )
