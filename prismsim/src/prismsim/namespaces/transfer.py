# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Export and import of policies (contract/v4 section 9.8): an opaque file that this simulator alone understands.

References inside travel as names, so that an import on another Prism Central finds its own objects.
"""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

from prismsim.crud import checked_body
from prismsim.errors import ApiError, Message, Problem, Refusal
from prismsim.namespaces.microseg import POLICY
from prismsim.namespaces.policy_rules import REFERENCES, check_policy
from prismsim.objects import Document, unique_name
from prismsim.registry import READS, WRITES, Answer, Call, Outcome, Work, Write
from prismsim.site import Site

_MAGIC = b"PRISMSIM-POLICIES-1\n"


def _accept_export(call: Call) -> Work:
    model = "microseg.v4.config.NetworkSecurityPolicyExportSpec"
    body = checked_body(call, model) if call.body is not None and call.operation.body else {}
    return {"ids": body.get("policyReferences")}


def _perform_export(site: Site, work: Work) -> Outcome:
    wanted = work["ids"]
    records = [r for r in site.objects.all("security_policy") if wanted is None or r.id in wanted]
    policies = [_by_name(site, record.document) for record in records if not record.document.get("isSystemDefined")]
    site.remember("export", base64.b64encode(_MAGIC + json.dumps(policies).encode()).decode())
    return Outcome()


def download(call: Call) -> Answer:
    """The prepared export as a file."""
    prepared = call.site.recall("export")
    if prepared is None:
        raise ApiError(404, [Message("No export has been prepared.", "MIC-30404", "RESOURCE_NOT_FOUND")])
    headers = {"Content-Disposition": 'attachment; filename="policies.bin"'}
    return Answer(raw=base64.b64decode(prepared), headers=headers)


def _accept_import(call: Call) -> Work:
    if not isinstance(call.body, bytes) or not call.body.startswith(_MAGIC):
        raise ApiError(400, problems=[Problem("", "The body is not an exported policy file")])
    try:
        policies = json.loads(call.body[len(_MAGIC) :])
    except ValueError as error:
        raise ApiError(400, problems=[Problem("", "The exported policy file is damaged")]) from error
    purge = call.headers.get("ntnx-purge-policies", "").lower() == "true"
    dry_run = call.query.get("$dryrun", "").lower() == "true"
    return {"policies": policies, "purge": purge, "dry_run": dry_run}


def _perform_import(site: Site, work: Work) -> Outcome:
    documents = [_by_id(site, policy) for policy in work["policies"]]
    messages = [message for document in documents for message in check_policy(site, document, None)]
    if messages:
        raise Refusal(messages)
    if work["dry_run"]:
        return Outcome()
    # A policy that is there under the same name is replaced and keeps its id.
    there = {record.document["name"]: record for record in site.objects.all("security_policy")}
    written = []
    for document in documents:
        old = there.pop(document["name"], None)
        body = {**document, "extId": old.id} if old else document
        written.append(site.put("security_policy", POLICY.prepare(site, body, old)))
    for record in there.values():
        if work["purge"] and not record.document.get("isSystemDefined"):
            site.objects.remove(record)
    return Outcome([{"extId": record.id, "rel": POLICY.rel, "name": record.document["name"]} for record in written])


def _by_name(site: Site, document: Document) -> Document:
    def rename(kind: str, ext_id: str) -> str:
        record = site.objects.find(kind, ext_id)
        return f"@{kind}:{unique_name(kind, record.document)}" if record else ext_id

    renamed: Document = _mapped(document, rename)
    return renamed


def _by_id(site: Site, document: Document) -> Document:
    def find(kind: str, reference: str) -> str:
        found = site.objects.named(kind, reference.split(":", 1)[-1]) if reference.startswith("@") else []
        if not found:
            raise Refusal([Message(f"{reference} was not found.", "MIC-30101", "RESOURCE_NOT_FOUND")])
        return found[0].id

    resolved: Document = _mapped(document, find)
    return {**resolved, "extId": str(uuid.uuid4())}


def _mapped(value: Any, change: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _mapped(item, change, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_mapped(item, change, name) for item in value]
    return change(REFERENCES[name], value) if name in REFERENCES and isinstance(value, str) else value


_list_policies = READS["microseg", "list_network_security_policies"]


def _list_or_download(call: Call) -> Answer:
    """Asked for an octet stream alone, the list answers the prepared export."""
    accepts = call.headers.get("accept", "")
    return download(call) if accepts.strip() == "application/octet-stream" else _list_policies(call)


READS["microseg", "list_network_security_policies"] = _list_or_download
WRITES["microseg", "export_network_security_policy"] = Write("PrepareExport", _accept_export, _perform_export)
WRITES["microseg", "apply_network_security_policy_import"] = Write("ImportPolicies", _accept_import, _perform_import)
