# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ``prismsim`` command: arguments in, exit code out. Does nothing itself."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
from pathlib import Path

from prismsim.estate import EstateError, load
from prismsim.profile import PROFILES


def main(argv: list[str] | None = None) -> int:
    """Run the command; 0 on success, 1 when a file or port cannot be used, 2 when the estate is refused."""
    parser = argparse.ArgumentParser(prog="prismsim", description="A simulator of Nutanix Prism Central.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    command = subparsers.add_parser("serve", help="serve the world that an estate file describes")
    command.add_argument("estate", metavar="ESTATE.yml", type=Path)
    command.add_argument("--state", required=True, type=Path, metavar="DIR", help="where the world is kept across restarts")
    command.add_argument("--port-base", type=int, metavar="N", help="first port; free ports are chosen without it")
    command.add_argument("--profile", choices=sorted(PROFILES), default="instant")
    command.add_argument("--ready-file", type=Path, metavar="FILE", help="written when everything listens")
    command.set_defaults(run=_serve)
    for name in ("prismsim.estate.cli", "prismsim.hitlog.cli"):
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name).add_parser(subparsers)
    arguments = parser.parse_args(argv)
    try:
        result = arguments.run(arguments)
    except EstateError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"prismsim: {error}", file=sys.stderr)
        return 1
    return int(result or 0)


def _serve(arguments: argparse.Namespace) -> int:
    # Imported here: the generator commands need neither aiohttp nor trustme.
    from prismsim.server import serve

    serve(load(arguments.estate), arguments.state, arguments.port_base, arguments.profile, arguments.ready_file)
    return 0
