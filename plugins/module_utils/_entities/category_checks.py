# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which characters the parts of a category may have, per minor (contract/v4 section 10.1)."""

from __future__ import annotations

from .._model.entity import Canonical
from .._model.form import Minor
from .._model.problems import Problems

_REFUSED: tuple[tuple[Minor, str, str], ...] = (
    ((4, 2), "$", "/,!\"#%'()*+:;=?\\|[]^&"),
    ((4, 1), "$", "/,"),
    ((4, 0), "$", "/"),
)


def check_characters(canonical: Canonical, where: str, minor: Minor | None, problems: Problems) -> None:
    """Each minor refused more characters than the one before; what an older site holds may go to an older site."""
    first, anywhere = next((one[1], one[2]) for one in _REFUSED if minor is None or minor >= one[0])
    for part in ("key", "value"):
        text = canonical.get(part, "")
        if text[:1] in tuple(first) or any(character in text for character in anywhere):
            allowed = f"no {' '.join(anywhere)}, and no {first} in front"
            problems.add(f"{where}.{part}", f"{text!r} has characters that the API refuses", allowed)
