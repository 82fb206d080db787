# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Shipped and generated estates are not only well formed: a Prism Central of their release accepts every object."""

from __future__ import annotations

from pathlib import Path

import pytest

from prismsim.estate import load
from prismsim.estate.generator import RELEASES, default_size, generate
from prismsim.testing import running

ESTATES = sorted((Path(__file__).parents[1] / "estates").glob("*.yml"))


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: path.stem)
def test_shipped_estate_is_served_whole(path: Path) -> None:
    estate = load(path)
    with running(path) as simulator:
        for site in estate.sites.values():
            state = simulator.state(site.id)
            assert set(state["security_policy"]) == {policy["name"] for policy in site.security_policies}
            assert set(state.get("vm", {})) == {vm.name for vm in site.vms}
            assert set(state.get("category", {})) == {category.name for category in site.categories}


@pytest.mark.parametrize("release", sorted(RELEASES))
def test_generated_estate_is_served_by_every_release(release: str) -> None:
    document = generate(default_size(60, RELEASES[release]), 5, release)
    with running(document) as simulator:
        state = simulator.state("north")
        assert len(state["security_policy"]) == 60 + 4
        assert len(state["vm"]) == 120
