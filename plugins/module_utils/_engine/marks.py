# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Short texts that a Prism Central keeps for everybody, of which the second creator loses: categories of our own (contract/v4
section 10.1: key and value are unique together). Knows categories, not what the texts say."""

from __future__ import annotations

import os
import typing as t

from .._entities.category import CATEGORY, RESERVED
from .._errors import NotFound, Refused, TaskFailed
from .._model.directory import Directory
from .._model.encode import encode
from .._model.entity import Held, decode, name_of
from .._prism.request_ids import request_id

if t.TYPE_CHECKING:
    from .._prism.central_v4 import CentralV4

#: What the description of a category holds at most.
LONGEST = 512


class Marks:
    """The marks of one pair on one site: ``value -> text``. Raises DrError of the client, CANNOT_TELL when the site doesn't answer."""

    def __init__(self, client: CentralV4, pair: str) -> None:
        self.site = client.site
        self._client = client
        self._key = f"{RESERVED}{pair}"
        self._directory = Directory(client.site)

    def read(self) -> dict[str, str]:
        """All of them, as they are now."""
        return {str(held.canonical["value"]): str(held.canonical.get("description", "")) for held in self._held()}

    def create(self, value: str, text: str) -> bool:
        """False if it is there already, whoever made it."""
        body = encode(CATEGORY, {"key": self._key, "value": value, "description": text}, self._directory)
        try:
            self._client.writes.create(CATEGORY.namespace, CATEGORY.path, body, request_id=self._request_id(value, text))
        except (Refused, TaskFailed):
            # The status of a name that is taken differs between releases; what is there tells.
            if value in self.read():
                return False
            raise
        return True

    def replace(self, value: str, still: t.Callable[[str], bool], text: str) -> bool:
        """False, and nothing done, if what is there is not ``still`` what it was. Raises Conflict if it changes at this very moment."""
        held = next((held for held in self._held() if held.canonical["value"] == value), None)
        if held is None:
            return False
        fetched = self._client.get(CATEGORY.namespace, CATEGORY.path, held.ext_id)
        now = decode(CATEGORY, fetched.body, self._directory)
        if not still(str(now.canonical.get("description", ""))):
            return False
        body = {**now.site_owned, **encode(CATEGORY, {**now.canonical, "description": text}, self._directory)}
        self._client.writes.update(CATEGORY.namespace, CATEGORY.path, held.ext_id, body, etag=fetched.etag, request_id=self._request_id(value, text))
        return True

    def remove(self, value: str, still: t.Callable[[str], bool]) -> bool:
        """False, and nothing done, if what is there is not ``still`` what it was."""
        for held in self._held():
            if held.canonical["value"] == value and still(str(held.canonical.get("description", ""))):
                try:
                    self._client.writes.delete(CATEGORY.namespace, CATEGORY.path, held.ext_id, request_id=self._request_id(value, "removed"))
                except NotFound:
                    return False
                return True
        return False

    def name(self, value: str) -> str:
        """What the category is called, for messages."""
        return name_of(CATEGORY, {"key": self._key, "value": value})

    def _held(self) -> list[Held]:
        listed = self._client.list(CATEGORY.namespace, CATEGORY.path, filter=f"key eq '{self._key}'")
        return [decode(CATEGORY, body, self._directory) for body in listed]

    def _request_id(self, value: str, text: str) -> str:
        # A known id is answered with the first call's result: the same lock taken twice must be two calls.
        return request_id("dr_state", self._key, value, text, os.urandom(8).hex())
