# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A live site as the engine sees it: its objects by kind and its names, each kind listed once and only when asked for. Reads, never writes."""

from __future__ import annotations

import threading
import typing as t

from .._entities.registry import ENTITIES
from .._errors import Ambiguous, DrError, NotRepresentable, UnknownReference
from .._model.directory import Reference
from .._model.entity import Canonical, Entity, Held, decode, name_of, references
from .._model.form import Minor
from .._prism.parallel import in_threads
from .plan import Plan, keep_all, plan
from .site_directory import SiteDirectory

if t.TYPE_CHECKING:
    from .._entities.references import ReferenceKind
    from .._model.unreadable import Unreadable
    from .._prism.central_v4 import CentralV4
    from .writer import Writer

# Listings at a time. The throttle of the client decides how fast they go.
_LISTINGS = 8

# What can be wrong with one object while the site itself answers well.
_NOT_READ = (NotRepresentable, UnknownReference, Ambiguous)

Body = dict[str, t.Any]


class Site:
    """One Prism Central. Everything raises DrError of the client: CANNOT_TELL when the site doesn't answer.

    Safe to share between threads: one of them reads, or looks a name up, while the others wait (``lock``).
    """

    def __init__(self, client: CentralV4, *, entities: t.Mapping[str, Entity] = ENTITIES) -> None:
        self.client = client
        self.label = client.site
        self.entities = entities
        self._bodies: dict[str, list[Body]] = {}
        self._decoded: dict[str, dict[str, Held | Unreadable]] = {}
        self.lock = threading.RLock()
        self.directory = SiteDirectory(self)

    def writer(self, plan: Plan, run_id: str, sleep: t.Callable[[float], None]) -> Writer:
        """What writes the objects of a plan here."""
        # Imported here: a run that finds nothing to change needs none of it.
        from .writer import Writer

        return Writer(self, run_id, sleep)

    def minor(self, namespace: str) -> Minor:
        return self.client.minor(namespace)

    def minors(self, kinds: t.Iterable[str]) -> dict[str, Minor]:
        """The minor of each namespace that these kinds of entities live in."""
        return {namespace: self.minor(namespace) for namespace in sorted({self.entities[kind].namespace for kind in kinds})}

    def load(self, kinds: t.Iterable[str]) -> None:
        """List these kinds, those not listed yet at the same time."""
        with self.lock:
            missing = [kind for kind in dict.fromkeys(kinds) if kind not in self._bodies]
            for kind, bodies in zip(missing, in_threads(self._list, missing, threads=_LISTINGS), strict=True):
                self._bodies[kind] = bodies
            for kind in sorted(missing, key=self._is_qualified):
                if kind not in self.entities:
                    # Imported here: most runs list no such kind.
                    from .._entities.reference_names import add_to

                    add_to(self.directory, kind, self._bodies[kind])
                    continue
                for body in self._bodies[kind]:
                    self.directory.add(kind, self._wire_name(kind, body), str(body["extId"]))

    def know(self, kind: str) -> None:
        """Make sure that the directory knows the names of a kind."""
        if kind not in self._bodies:
            self.load([kind])

    def held(self, kind: str, names: t.Container[str] | None = None) -> list[Held]:
        """All objects of a kind (or those of these names) that we have words for; what is left over is in ``unreadable``."""
        return [found for found in self._decode(kind, names) if isinstance(found, Held)]

    def unreadable(self, kind: str, names: t.Container[str] | None = None) -> list[Unreadable]:
        return [found for found in self._decode(kind, names) if not isinstance(found, Held)]

    def bodies(self, kind: str) -> list[Body]:
        """The listing as the API gave it, also of kinds that are only referred to."""
        with self.lock:
            self.load([kind])
            return self._bodies[kind]

    def forget(self, kinds: t.Iterable[str]) -> None:
        """Ask the site anew when these kinds are needed again."""
        with self.lock:
            for kind in kinds:
                if self._bodies.pop(kind, None) is not None:
                    self.directory.forget(kind)
                self._decoded.pop(kind, None)

    def plan(
        self,
        desired: t.Mapping[str, t.Sequence[Canonical]],
        *,
        whole: bool,
        remove: t.Callable[[Held], bool] = keep_all,
        names: t.Container[str] | None = None,
    ) -> Plan:
        """``plan`` for the kinds of ``desired``, on what this site has now. ``names``: objects of other names don't matter, and so
        nothing that only they refer to is listed."""
        self.load(desired)
        self.load(sorted(self._kinds_named(desired)))
        return plan(
            [self.entities[kind] for kind in self.entities if kind in desired],
            {kind: self.held(kind, names) for kind in desired},
            desired,
            whole=whole,
            remove=remove,
            directory=self.directory,
            minors=self.minors(desired),
            unreadable=[item for kind in desired for item in self.unreadable(kind, names)],
        )

    def _kinds_named(self, desired: t.Mapping[str, t.Sequence[Canonical]]) -> set[str]:
        named: set[Reference] = set()
        for kind, objects in desired.items():
            for canonical in objects:
                named |= references(self.entities[kind], canonical)
        return {reference.kind for reference in named}

    def _is_qualified(self, kind: str) -> bool:
        """Whether names of the kind are told apart by those of its owners, which must be known first."""
        return kind not in self.entities and bool(_reference_kind(kind).owners)

    def _list(self, kind: str) -> list[Body]:
        listed = self.entities[kind] if kind in self.entities else _reference_kind(kind)
        try:
            if self.minor(listed.namespace) < listed.since:
                return []
            return list(self.client.list(listed.namespace, listed.path))
        except DrError as error:
            raise error.about(verb="list", kind=kind, site=self.label) from error

    def _wire_name(self, kind: str, body: Body) -> str:
        entity = self.entities[kind]
        return name_of(entity, {part: str(body.get(part) or "").strip() for part in entity.key})

    def _decode(self, kind: str, names: t.Container[str] | None) -> list[Held | Unreadable]:
        """The objects of a kind in the order of the listing, each decoded when it is first asked for."""
        with self.lock:
            self.load([kind])
            entity, decoded = self.entities[kind], self._decoded.setdefault(kind, {})
            found: list[Held | Unreadable] = []
            for body in self._bodies[kind]:
                ext_id, name = str(body["extId"]), self._wire_name(kind, body)
                if names is not None and name not in names:
                    continue
                if ext_id not in decoded:
                    try:
                        decoded[ext_id] = decode(entity, body, self.directory)
                    except _NOT_READ as error:
                        # Imported here: most sites hold no such object.
                        from .._model.unreadable import Unreadable

                        decoded[ext_id] = Unreadable(kind, name, ext_id, error)
                found.append(decoded[ext_id])
            return found


def _reference_kind(kind: str) -> ReferenceKind:
    # Imported here: most runs list no such kind.
    from .._entities.references import REFERENCE_KINDS

    return REFERENCE_KINDS[kind]
