# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditional requests: If-Match against the revision of an object (contract/v4 section 5)."""

from __future__ import annotations

from prismsim.errors import ApiError, Message
from prismsim.objects import Record
from prismsim.registry import Call


def check_etag(call: Call, record: Record, required: bool) -> None:
    """Refuse a missing If-Match with 428 (when required) and a stale one with 412."""
    given = call.headers.get("if-match")
    if given is None:
        if required:
            text = "The request is missing the If-Match header."
            raise ApiError(428, [Message(text, "PLAT-10004", "MISSING_ETAG_HEADER")])
        return
    if call.stale or given.removeprefix("W/").strip('"') != record.etag:
        text = f"Invalid eTag header: the object {record.id} has changed since it was read."
        raise ApiError(412, [Message(text, "PLAT-10005", "INVALID_ETAG_HEADER")])
