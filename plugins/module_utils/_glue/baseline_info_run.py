# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The run of baseline_info: reads a baseline, verifies it, compares it with another. Talks to no site."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._entities.registry import ENTITIES
from .._evidence.baseline import Baseline, read_baseline
from .._evidence.compare import EQUAL, compare
from .._evidence.signature import verify
from .commands import commands_of
from .entity_info import search
from .journey_options import signers_spec
from .module import Result, make_module, run


def run_baseline_info() -> None:
    """The whole of the module."""
    spec = {"path": {"type": "path", "required": True}, "compare_with": {"type": "path"}, "query": {"type": "str"}, **signers_spec()}
    run(make_module(spec, connects=False), _work, empty={"changed": False, "objects": {}, "differences": []})


def verified_baseline(module: AnsibleModule, path: str) -> tuple[Baseline, str]:
    """A baseline with every file checked (its VMs not read), and who signed it (empty unless the option ``allowed_signers`` is given). Raises InvalidInput."""
    allowed_signers = module.params["allowed_signers"]
    signer = verify(path, allowed_signers, commands_of(module)) if allowed_signers else ""
    return read_baseline(path, ENTITIES, membership=False), signer


def _work(module: AnsibleModule) -> Result:
    params = module.params
    baseline, signer = verified_baseline(module, params["path"])
    result: Result = {
        "changed": False,
        "digest": baseline.digest,
        "site": str(baseline.manifest.source.get("site", "")),
        "counts": baseline.manifest.counts,
        "objects": {kind: list(objects) for kind, objects in baseline.content.objects.items()},
        "signed_by": signer,
        "differences": _differences(params["compare_with"], baseline) if params["compare_with"] else [],
    }
    if params["query"]:
        result["query_result"] = search(module, params["query"], result["objects"])
    return result


def _differences(earlier_path: str, baseline: Baseline) -> list[dict[str, t.Any]]:
    """``missing``: only in the earlier baseline; ``extra``: only in this one."""
    earlier = read_baseline(earlier_path, ENTITIES, membership=False)
    verdicts = compare(ENTITIES, earlier.content.objects, baseline.content.objects)
    return [verdict.as_result() for verdict in verdicts if verdict.status != EQUAL]
