# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``prismsim hitlog`` command. Knows arguments and files."""

from __future__ import annotations

import argparse
import gzip
import sys
from pathlib import Path
from typing import Any

from prismsim.estate.load import load
from prismsim.hitlog import CannotJudge, write


def add_parser(subparsers: Any) -> None:
    """Add ``hitlog`` to the subparsers of the prismsim command; the chosen function is in ``args.run``."""
    command = subparsers.add_parser("hitlog", help="write the hit log of made-up traffic on an estate; same arguments, same bytes")
    command.add_argument("estate", metavar="ESTATE.yml", type=Path)
    command.add_argument("--site", help="default: the only site, or the first one")
    command.add_argument("--lines", type=int, required=True)
    command.add_argument("--seed", type=int, required=True, help="what the random choices start from")
    command.add_argument("--wrong", type=int, default=0, metavar="N", help="lines that say the contrary of what the policies do; they are listed")
    command.add_argument("--cut", type=int, default=0, metavar="N", help="lines that end in the middle")
    command.add_argument("--flows", type=int, default=0, metavar="N", help="different flows (default: a twentieth of the lines)")
    command.add_argument("--every-policy", action="store_true", help="policies that write no hit log too")
    command.add_argument("-o", "--output", type=Path, required=True, help="file to write; compressed if it ends with .gz")
    command.set_defaults(run=_write)


def _write(args: argparse.Namespace) -> int:
    estate = load(args.estate)
    name = args.site or next(iter(estate.sites))
    if name not in estate.sites:
        print(f"prismsim hitlog: no site '{name}', there are {', '.join(estate.sites)}", file=sys.stderr)
        return 2
    opener: Any = gzip.open if args.output.suffix == ".gz" else open
    options = {option: getattr(args, option) for option in ("lines", "seed", "wrong", "cut", "flows", "every_policy")}
    try:
        with opener(args.output, "wt", encoding="utf-8") as stream:
            written = write(estate.sites[name], stream, **options)
    except (CannotJudge, ValueError) as error:
        print(f"prismsim hitlog: {error}", file=sys.stderr)
        return 2
    counts = ", ".join(f"{field} {getattr(written, field)}" for field in ("lines", "hits", "repeated", "cut", "other", "flows"))
    print(f"{args.output}: {counts}, wrong {len(written.planted)}")
    for one in written.planted:
        print(f"line {one.line}: {one.source} -> {one.destination} {one.service} {one.direction} logged {one.logged}, right is {one.right}")
    return 0
