# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be wrong with an estate, said all at once. Knows how to place a problem, not how to find one."""

from __future__ import annotations

from dataclasses import dataclass

#: Where in the document: mapping keys and list indexes from the root down.
Path = tuple[str | int, ...]


def path_text(path: Path) -> str:
    """A path as people write it: ``sites.north.vms[3].nics[0]``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return text.lstrip(".") or "(top)"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and the path in the document where it stands."""

    path: Path
    message: str


class EstateError(Exception):
    """An estate that cannot be loaded. ``lines`` holds one readable line per problem, with file and line if known."""

    def __init__(self, source: str, lines: list[str]) -> None:
        self.source = source
        self.lines = lines
        count = f"{len(lines)} problem" + ("" if len(lines) == 1 else "s")
        super().__init__("\n".join([f"estate {source}: {count}", *lines]))
