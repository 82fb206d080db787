# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What objects that are only referred to are called. Knows listed bodies, no site."""

from __future__ import annotations

import typing as t

from .._model.directory import Directory
from .references import REFERENCE_KINDS


def add_to(directory: Directory, kind: str, bodies: t.Sequence[t.Mapping[str, t.Any]]) -> None:
    """Put listed objects into a directory: under their names, and also under their qualified ones (``vpc/name``, else
    ``cluster/name``). A name that several objects share is known only qualified where that tells them apart."""
    owners = REFERENCE_KINDS[kind].owners
    plain = [str(body.get("name") or "").strip() for body in bodies]
    for body, name in zip(bodies, plain, strict=True):
        ext_id = str(body["extId"])
        qualifier = _qualifier(body, owners, directory)
        if qualifier:
            directory.add(kind, f"{qualifier}/{name}", ext_id)
        if not qualifier or plain.count(name) == 1:
            directory.add(kind, name, ext_id)  # the last name added is the one objects are called by


def _qualifier(body: t.Mapping[str, t.Any], owners: t.Iterable[tuple[str, str]], directory: Directory) -> str:
    for name, kind in owners:
        ext_id = body.get(name)
        if ext_id and directory.has_id(kind, str(ext_id)):
            return directory.name_of(kind, str(ext_id))
    return ""
