# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the simulator answers passes its own strict check: each object of each shipped estate, at each minor."""

from __future__ import annotations

from pathlib import Path

import pytest

from prismsim import shape, validate
from prismsim.contract import catalog
from prismsim.crud import RESOURCES, full
from prismsim.estate import load
from prismsim.profile import PROFILES
from prismsim.world import World

ESTATES = sorted((Path(__file__).parents[1] / "estates").glob("*.yml"))


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: path.stem)
def test_every_object_at_every_minor(path: Path, tmp_path: Path) -> None:
    world = World(load(path), tmp_path, PROFILES["instant"])
    checked = 0
    for site in world.sites.values():
        for kind in site.objects.kinds():
            resource = RESOURCES[kind]
            for minor in range(site.minor(resource.namespace) + 1):
                contract = catalog(resource.namespace, minor)
                if resource.model not in contract.models:
                    continue
                for record in site.objects.all(kind):
                    answer = shape.answer(full(site, record), resource.model, contract)
                    problems = [p for p in validate.check(answer, resource.model, contract) if "$UNKNOWN" not in p.text]
                    if minor == site.minor(resource.namespace):
                        assert problems == [], f"{site.id} {kind} {record.document.get('name')}"
                    else:  # an older minor cannot say everything: what it required then may be missing now
                        assert all("missing required" in p.text or "too short" in p.text for p in problems), problems
                    checked += 1
    assert checked > 100
    world.store.close()
