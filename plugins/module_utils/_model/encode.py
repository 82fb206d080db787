# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a canonical object to the body that is sent, field by field. Only a run that writes needs it; reading is ``entity.decode``."""

from __future__ import annotations

import typing as t

from .codec import Body
from .directory import Directory
from .entity import Canonical, Entity
from .present import each_present
from .struct import Field


def encode(entity: Entity, canonical: Canonical, directory: Directory) -> Body:
    """The API body of a whole canonical object. Raises UnknownReference or Ambiguous for names."""
    body = encode_fields(entity.fields, canonical, directory)
    if entity.parts is not None:
        body.update(entity.parts.encode(canonical, directory))
    return body


def encode_fields(fields: t.Sequence[Field], value: t.Mapping[str, t.Any], directory: Directory) -> Body:
    """The properties that say ``value``. Raises UnknownReference or Ambiguous for names."""
    body: Body = {}
    for field, found, _at in each_present(fields, value):
        if field.codec is not None:
            body.update(field.codec.encode(found, directory))
    return body
