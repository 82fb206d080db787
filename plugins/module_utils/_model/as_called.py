# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a site itself spells the names that a person has written."""

from __future__ import annotations

import typing as t

from .directory import Directory
from .entity import Canonical, Entity
from .translate import translate


def spelled_as_called(entity: Entity, canonical: Canonical, directory: Directory) -> Canonical:
    """The object with every name as the site writes it."""
    return {**canonical, **translate(entity, canonical, AsCalled(directory))}


class AsCalled:
    """The translation from the spellings of a person to those of a site."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    def reference(self, kind: str, name: str, at: str) -> str:
        return self._directory.called(kind, name)

    def addresses(self, values: t.Sequence[str], at: str) -> list[str]:
        return list(values)
