# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``prismsim estate`` commands: generate a large estate, check one by hand. Knows arguments and streams."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from prismsim.estate.generator import RELEASES, SizeError, default_size, generate, to_json, to_yaml
from prismsim.estate.load import load
from prismsim.estate.problems import EstateError

_COUNTS = ("categories", "address-groups", "service-groups", "entity-groups", "vpcs", "vms")


def add_parser(subparsers: Any) -> None:
    """Add ``estate`` to the subparsers of the prismsim command; the chosen function is in ``args.run``."""
    estate = subparsers.add_parser("estate", help="write or check estate files")
    commands = estate.add_subparsers(required=True, metavar="COMMAND")

    writer = commands.add_parser("generate", help="write a large estate; same arguments, same bytes")
    writer.add_argument("--policies", type=int, required=True, help="security policies on the primary site")
    writer.add_argument("--seed", type=int, required=True, help="what the random choices start from")
    writer.add_argument("--entries", type=int, default=10, help="rules of each application policy (default: 10)")
    writer.add_argument("--release", choices=sorted(RELEASES), default="pc.7.5.1", help="of the primary (default: pc.7.5.1)")
    writer.add_argument("--recovery-release", choices=sorted(RELEASES), help="of the recovery site (default: the primary's)")
    for count in _COUNTS:
        writer.add_argument(f"--{count}", type=int, help="default: grows with --policies")
    writer.add_argument("--format", choices=("yaml", "json"), help="default: by the file's name, else yaml")
    writer.add_argument("-o", "--output", type=Path, help="file to write (default: standard output)")
    writer.set_defaults(run=_generate)

    checker = commands.add_parser("check", help="load an estate and name everything that is wrong with it")
    checker.add_argument("estate", type=Path)
    checker.set_defaults(run=_check)


def _generate(args: argparse.Namespace) -> int:
    counts = {count.replace("-", "_"): getattr(args, count.replace("-", "_")) for count in _COUNTS}
    try:
        size = default_size(args.policies, RELEASES[args.release], args.entries, **counts)
        document = generate(size, args.seed, args.release, args.recovery_release)
    except SizeError as error:
        print(f"prismsim estate generate: {error}", file=sys.stderr)
        return 2
    as_json = args.format == "json" or (args.format is None and args.output and args.output.suffix == ".json")
    text = to_json(document) if as_json else to_yaml(document)
    if args.output:
        args.output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    return 0


def _check(args: argparse.Namespace) -> int:
    try:
        estate = load(args.estate)
    except EstateError as error:
        print(error, file=sys.stderr)
        return 1
    for site in estate.sites.values():
        print(f"{site.id}: {site.prism_central.release}, {len(site.security_policies)} policies, {len(site.vms)} VMs")
    return 0
