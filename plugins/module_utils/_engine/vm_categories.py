# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which categories which VMs must get or lose. Pure: knows names and ids that it is given, writes nothing."""

from __future__ import annotations

import typing as t

from .._errors import Ambiguous, UnknownReference
from .._model.directory import Directory
from .._model.form_categories import Categories, category_names
from .._model.problems import Problems

VmBody = t.Mapping[str, t.Any]


class VmChange(t.NamedTuple):
    """What one VM has, shall have, and what must be added or taken for it; all category names (``key/value``), sorted."""

    name: str
    ext_id: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def add(self) -> tuple[str, ...]:
        return tuple(name for name in self.after if name not in self.before)

    @property
    def take(self) -> tuple[str, ...]:
        return tuple(name for name in self.before if name not in self.after)

    @property
    def changed(self) -> bool:
        return self.before != self.after


def plan_vm_categories(
    wanted: t.Sequence[tuple[str, t.Mapping[str, t.Any]]],
    vms: t.Sequence[VmBody],
    directory: Directory,
    *,
    exactly: bool,
    kept: t.AbstractSet[str] = frozenset(),
) -> list[VmChange]:
    """One change per wanted VM, in the order given. ``wanted`` has VM names and categories by key, ``vms`` the API bodies.

    ``exactly`` takes away what is not wanted, except for ``kept`` (system-defined categories). Raises InvalidInput with
    everything found: unknown VMs and categories, VM names that are used twice on the site or in ``wanted``.
    """
    problems = Problems()
    bodies: dict[str, list[VmBody]] = {}
    for body in vms:
        bodies.setdefault(str(body.get("name", "")), []).append(body)
    seen: set[str] = set()
    changes = []
    for name, categories in wanted:
        where = f"VM '{name}'"
        names = _wanted_names(where, categories, directory, problems)
        here = bodies.get(name, [])
        if name in seen:
            problems.add(where, "is listed twice", "merge the two entries")
        elif not here:
            problems.add(where, f"is not on {directory.site or 'the site'}", "correct the name, or wait until it is there")
        elif len(here) > 1:
            ids = ", ".join(sorted(str(body["extId"]) for body in here))
            problems.add(where, f"{len(here)} VMs have this name: {ids}", "rename all but one")
        else:
            before = _held_names(where, here[0], directory, problems)
            after = set(names) | (set(before) & kept if exactly else set(before))
            changes.append(VmChange(name, str(here[0]["extId"]), before, tuple(sorted(after))))
        seen.add(name)
    problems.check(verb="plan", kind="vm_categories", site=directory.site)
    return changes


def _wanted_names(where: str, categories: t.Mapping[str, t.Any], directory: Directory, problems: Problems) -> list[str]:
    if not categories:
        return []
    names = category_names(Categories().canonical(categories, f"{where} categories", problems))
    for name in names:
        try:
            directory.id_of("category", name)
        except (UnknownReference, Ambiguous) as error:
            problems.add(where, error.cause, error.fix)
    return names


def _held_names(where: str, body: VmBody, directory: Directory, problems: Problems) -> tuple[str, ...]:
    names = []
    for category in body.get("categories") or []:
        try:
            names.append(directory.name_of("category", str(category["extId"])))
        except (UnknownReference, Ambiguous) as error:
            problems.add(where, error.cause, error.fix)
    return tuple(sorted(names))
