# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes request ids that say the same thing the same way twice (contract/v4 section 5); knows nothing of the requests."""

from __future__ import annotations

import hashlib


def request_id(*parts: str) -> str:
    """The uuid (version 5 form) of these parts, in this order.

    The server answers a known id with the first call's result. So whatever makes a call another call must be among the
    parts: run, step, object, and a digest of what is wanted.
    """
    # By hand and not with uuid.uuid5: the import of uuid costs more than all the ids of a run.
    digest = bytearray(hashlib.sha1("\0".join(parts).encode(), usedforsecurity=False).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    text = digest.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
