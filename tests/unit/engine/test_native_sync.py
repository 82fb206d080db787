# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the Prism Centrals keep in sync themselves is found, under the names that this site uses."""

from __future__ import annotations

from ansible_collections.nutanix_flow.dr.plugins.module_utils._engine.native_sync import Synced, synced_objects

from .fake_central import FakeCentral, site_with
from .kinds import group

LIST = "config/entity-sync-policies"


def central() -> FakeCentral:
    found = FakeCentral()
    found.hold(LIST, {"entityType": "ADDRESS_GROUP", "entityExtId": "new-1", "entityName": "as the other calls it", "status": "OUT_OF_SYNC", "extId": "s1"})
    found.hold(LIST, {"entityType": "SECURITY_POLICY", "entityExtId": "elsewhere", "entityName": "shop", "status": "IN_SYNC", "extId": "s2"})
    found.hold(LIST, {"entityType": "SECURITY_POLICY", "entityExtId": "elsewhere", "entityName": "shop", "status": "IN_SYNC", "extId": "s3"})
    found.hold(LIST, {"entityType": "RECOVERY_PLAN", "entityExtId": "other", "entityName": "plan", "status": "IN_SYNC", "extId": "s4"})
    return found


def test_synced_objects_of_our_kinds_are_listed_once_and_by_the_name_they_have_here():
    fake = central()
    fake.objects["config/address-groups"] = {"new-1": {"extId": "new-1", "name": "branches"}}
    assert synced_objects(site_with(fake)) == [Synced("address_group", "branches", "out_of_sync"), Synced("security_rule", "shop", "in_sync")]


def test_a_site_that_is_too_old_for_native_sync_is_not_asked():
    fake = central()
    fake.datapolicies = (4, 0)
    assert synced_objects(site_with(fake, ("address_group", group("a")))) == []
    assert f"list {LIST}" not in fake.calls
