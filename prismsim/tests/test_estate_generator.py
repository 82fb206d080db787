# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generated estates: the same bytes each time, the asked-for numbers, and nothing a release does not have."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from prismsim.estate import load
from prismsim.estate.cli import add_parser
from prismsim.estate.generator import RELEASES, SizeError, default_size, generate, to_json, to_yaml

SOURCE = Path(__file__).parents[1] / "src"


def made(policies: int = 60, seed: int = 7, release: str = "pc.7.5.1", **counts: int) -> dict[str, Any]:
    return generate(default_size(policies, RELEASES[release], **counts), seed, release)


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    args = parser.parse_args(["estate", *arguments])
    return int(args.run(args))


def test_same_seed_same_bytes_in_another_process() -> None:
    script = "from prismsim.estate.generator import *\nprint(to_yaml(generate(default_size(60, 2), 7, 'pc.7.5.1')), end='')"
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONHASHSEED": hash_seed}
        done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
        assert done.stdout == to_yaml(made())


def test_another_seed_gives_another_estate() -> None:
    assert to_yaml(made(seed=7)) != to_yaml(made(seed=8))


def test_yaml_and_json_say_the_same() -> None:
    document = made()
    assert yaml.safe_load(to_yaml(document)) == json.loads(to_json(document)) == document


@pytest.mark.parametrize("release", sorted(RELEASES))
@pytest.mark.parametrize("policies", [1, 60])
def test_every_release_and_size_loads(release: str, policies: int) -> None:
    estate = load(made(policies=policies, release=release))
    own = [policy for policy in estate.sites["north"].security_policies if not policy.get("isSystemDefined")]
    assert len(own) == policies
    assert not [policy for policy in estate.sites["south"].security_policies if not policy.get("isSystemDefined")]


def test_counts_are_exact_and_names_unique() -> None:
    counts = {"categories": 300, "address_groups": 31, "service_groups": 17, "entity_groups": 12, "vms": 77, "vpcs": 3}
    north = made(entries=20, **counts)["sites"]["north"]
    for kind, count in counts.items():
        assert len(north[kind]) == count
    for kind in ("address_groups", "service_groups", "entity_groups", "security_policies", "vms"):
        assert len({entry["name"] for entry in north[kind]}) == len(north[kind])
    entries = {len(policy["rules"]) for policy in north["security_policies"] if policy["type"] != "ISOLATION"}
    assert entries == {20}


def test_no_policy_repeats_a_rule() -> None:
    for policy in made(policies=100, entries=40)["sites"]["north"]["security_policies"]:
        bodies = [json.dumps(rule, sort_keys=True) for rule in policy["rules"]]
        assert len(set(bodies)) == len(bodies)


def test_every_kind_of_policy_and_scope_is_there() -> None:
    policies = made(policies=100)["sites"]["north"]["security_policies"]
    assert {policy["type"] for policy in policies} == {"APPLICATION", "ISOLATION", "SHAREDSERVICE"}
    assert {policy["scope"] for policy in policies} == {"ALL_VLAN", "GLOBAL", "VPC_LIST", "VPC_AS_CATEGORY"}
    assert {rule["type"] for policy in policies for rule in policy["rules"]} == {
        "APPLICATION",
        "INTRA_GROUP",
        "SHARED_SERVICE",
        "TWO_ENV_ISOLATION",
        "MULTI_ENV_ISOLATION",
    }


def test_the_oldest_release_gets_nothing_newer() -> None:
    text = to_json(made(release="pc.2024.3"))
    for newer in ("EntityGroup", "GLOBAL", "VPC_AS_CATEGORY", "SHARED", "ipv6Addresses", "securedGroupServiceReferences"):
        assert newer not in text


@pytest.mark.parametrize(
    ("counts", "message"),
    [({"categories": 5}, "categories must be at least"), ({"entries": 81}, "at most 80"), ({"vpcs": 0}, "vpcs must be")],
)
def test_impossible_sizes_are_refused(counts: dict[str, int], message: str) -> None:
    with pytest.raises(SizeError, match=message):
        made(**counts)


def test_command_writes_a_file_that_the_check_command_accepts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("large.yml", "large.json"):
        path = tmp_path / name
        assert run("generate", "--policies", "20", "--seed", "3", "-o", str(path)) == 0
        assert load(path).name == "generated-20-3"
        assert run("check", str(path)) == 0
    assert "north: pc.7.5.1, 24 policies, 40 VMs" in capsys.readouterr().out


def test_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("generate", "--policies", "20", "--seed", "3", "--categories", "1") == 2
    assert "categories must be at least" in capsys.readouterr().err
    assert run("check", str(tmp_path / "none.yml")) == 1
    assert "cannot be read" in capsys.readouterr().err
