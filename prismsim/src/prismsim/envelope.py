# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The answer envelope (contract/v4 section 3): data, metadata, discriminators. Knows bytes to join, no meanings."""

from __future__ import annotations

import json
from typing import Any

from prismsim.registry import Answer, Call


def dump(value: Any) -> bytes:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def success(call: Call, answer: Answer) -> bytes:
    """The body of a 2xx answer with content."""
    response = call.operation.response
    if answer.items is not None:
        omit = not answer.items and call.site.switches.empty_list_omits_data
        data = b"" if omit else b'"data":[' + b",".join(answer.items) + b'],'
        discriminator = f"List<{answer.model}>"
    else:
        data = b'"data":' + (answer.item or b"null") + b","
        discriminator = answer.model
    rest = {
        "$dataItemDiscriminator": discriminator,
        "metadata": _metadata(call, answer),
        "$objectType": response,
        "$reserved": {"$fv": call.catalog.fv(response)},
    }
    return b"{" + data + dump(rest)[1:]


def failure(namespace: str, minor: int, data: dict[str, Any], url: str) -> bytes:
    """The body of an error answer."""
    return dump(
        {
            "data": {**data, "$reserved": {"$fv": f"v4.r{minor}"}},
            "$dataItemDiscriminator": f"{namespace}.v4.error.ErrorResponse",
            "metadata": {
                "flags": [_flag("hasError", True), _flag("isPaginated", False)],
                "links": [{"href": url, "rel": "self"}],
                "messages": [],
                "extraInfo": [],
                "$objectType": "common.v1.response.ApiResponseMetadata",
                "$reserved": {"$fv": "v1.r0"},
            },
        }
    )


def _metadata(call: Call, answer: Answer) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "flags": [_flag("hasError", False), _flag("isPaginated", answer.items is not None)],
        "links": [_link(call.site.url + call.path, "self"), *_page_links(call, answer)],
        "messages": [],
        "extraInfo": [],
        "$objectType": "common.v1.response.ApiResponseMetadata",
        "$reserved": {"$fv": "v1.r0"},
    }
    if answer.total is not None:
        metadata["totalAvailableResults"] = answer.total
    return metadata


def _page_links(call: Call, answer: Answer) -> list[dict[str, Any]]:
    if answer.items is None or answer.total is None or "$page" not in call.operation.query:
        return []
    page, limit = int(call.query.get("$page", "0")), int(call.query.get("$limit", "50"))
    last = max(0, (answer.total - 1) // limit)
    pages = {"first": 0, "last": last}
    if page > 0:
        pages["previous"] = page - 1
    if page < last:
        pages["next"] = page + 1
    base = call.site.url + call.path
    return [_link(f"{base}?$page={number}&$limit={limit}", rel) for rel, number in pages.items()]


def _flag(name: str, value: bool) -> dict[str, Any]:
    return {"name": name, "value": value, "$objectType": "common.v1.config.Flag", "$reserved": {"$fv": "v1.r0"}}


def _link(href: str, rel: str) -> dict[str, Any]:
    return {"href": href, "rel": rel, "$objectType": "common.v1.response.ApiLink", "$reserved": {"$fv": "v1.r0"}}
