# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contract checklist item 4: ETags, 428 and 412, renewed rule ids, shuffled rules, kept orders."""

from __future__ import annotations

from conftest import Client, category, inbound, intra, policy

POLICIES = "microseg/v4.2/config/policies"


def test_put_needs_a_fresh_etag(north: Client) -> None:
    ext_id = north.done(north("POST", POLICIES, json=policy("etag", intra(category(north)))))
    read = north("GET", f"{POLICIES}/{ext_id}")
    body = read.json()["data"]
    missing = north("PUT", f"{POLICIES}/{ext_id}", json=body)
    assert missing.status_code == 428
    assert missing.json()["data"]["error"][0]["code"] == "PLAT-10004"
    for stale in ("*", "0" * 32):
        answer = north("PUT", f"{POLICIES}/{ext_id}", json=body, headers={"If-Match": stale})
        assert answer.status_code == 412
        assert answer.json()["data"]["error"][0]["code"] == "PLAT-10005"
    fresh = {"If-Match": read.headers["ETag"]}
    north.done(north("PUT", f"{POLICIES}/{ext_id}", json=body, headers=fresh))
    assert north("PUT", f"{POLICIES}/{ext_id}", json=body, headers=fresh).status_code == 412


def test_delete_takes_an_etag_but_needs_none(north: Client) -> None:
    ext_id = north.done(north("POST", POLICIES, json=policy("etag-delete", intra(category(north)))))
    assert north("DELETE", f"{POLICIES}/{ext_id}", headers={"If-Match": "0" * 32}).status_code == 412
    north.done(north("DELETE", f"{POLICIES}/{ext_id}"))


def test_each_put_renews_the_ids_of_rules_and_server_set_members_are_ignored(north: Client) -> None:
    web = category(north)
    ext_id = north.done(north("POST", POLICIES, json=policy("renew", intra(web), inbound(web))))
    read = north("GET", f"{POLICIES}/{ext_id}")
    before = read.json()["data"]
    assert {rule["extId"] for rule in before["rules"]}
    north.done(north("PUT", f"{POLICIES}/{ext_id}", json=before, headers={"If-Match": read.headers["ETag"]}))
    after = north("GET", f"{POLICIES}/{ext_id}").json()["data"]
    assert not {rule["extId"] for rule in before["rules"]} & {rule["extId"] for rule in after["rules"]}
    assert after["creationTime"] == before["creationTime"]


def test_rules_are_shuffled_and_sources_keep_their_order(north: Client) -> None:
    web, tier = category(north), category(north, "AppTier", "DB")
    rules = [inbound(web, srcCategoryReferences=[tier, web], tcpServices=[{"startPort": n, "endPort": n}]) for n in range(1, 21)]
    ext_id = north.done(north("POST", POLICIES, json=policy("order", *rules)))
    answered = north("GET", f"{POLICIES}/{ext_id}").json()["data"]["rules"]
    ports = [rule["spec"]["tcpServices"][0]["startPort"] for rule in answered]
    assert ports != list(range(1, 21))
    assert sorted(ports) == list(range(1, 21))
    assert all(rule["spec"]["srcCategoryReferences"] == [tier, web] for rule in answered)
