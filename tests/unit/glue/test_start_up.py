"""What a singular module compiles before it does anything. Each task compiles anew what it imports, and does so twice (zipimport)."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

UTILS = "ansible_collections.nutanix_flow.dr.plugins.module_utils"
# Nodes of the syntax trees, which the time of compiling follows: 1,000 cost about 3 ms, 1 % of a task. Lower a limit when less is needed.
LIMITS = {"category": 15_700, "address_group": 16_350, "service_group": 17_000, "security_rule": 23_300}
# What a run that finds nothing to change, and nothing wrong, has no use for.
NOT_NEEDED = (
    "_engine.apply", "_engine.plan_checks", "_engine.plan_digest", "_engine.settled", "_engine.writer", "_entities.category_checks",
    "_entities.references", "_entities.rule_ports", "_entities.security_rule_checks", "_entities.security_rule_encode",
    "_entities.security_rule_flex_codec", "_entities.security_rule_groups_encode", "_entities.security_rule_isolations_codec",
    "_entities.selector_mistakes", "_entities.selectors_encode", "_evidence", "_glue.diff", "_glue.entity_changes", "_glue.entity_info",
    "_glue.entity_many", "_glue.failure", "_model.address_bodies", "_model.addresses", "_model.as_called", "_model.compare", "_model.encode",
    "_model.entity_checks", "_model.newer", "_model.parts", "_model.present", "_model.readable", "_model.services_encode",
    "_model.services_icmp", "_model.translate", "_model.unreadable", "_net.retry_waits", "_net.transport_errors", "_prism.batch",
    "_prism.fetching", "_prism.refusals", "_prism.tasks", "_prism.version_probe", "_prism.write_calls", "_prism.writes", "_segmentation",
)
IMPORTED = f"""
import json, sys
from {UTILS}._glue.entity_one import run_one
from {UTILS}._entities.registry import ENTITIES
for kind in {{kinds}}:
    ENTITIES[kind]
print(json.dumps([name for name in sys.modules if name.startswith({UTILS!r} + ".")]))
"""
# A security rule names objects of these kinds, so their tables are needed to read one.
NAMED = {"security_rule": ("category", "address_group", "service_group")}


def imported(kind: str) -> list[str]:
    """The files of the collection that a singular module has imported when it begins to work, below module_utils."""
    code = IMPORTED.format(kinds=(kind, *NAMED.get(kind, ())))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=60)
    return [name.removeprefix(f"{UTILS}.") for name in json.loads(done.stdout)]


def nodes_of(module: str) -> int:
    spec = importlib.util.find_spec(f"{UTILS}.{module}")
    if spec is None or spec.origin is None:
        return 0
    return sum(1 for _node in ast.walk(ast.parse(Path(spec.origin).read_text(encoding="utf-8"))))


@pytest.mark.parametrize("kind", LIMITS)
def test_a_singular_module_compiles_little(kind: str) -> None:
    modules = imported(kind)
    needless = [name for name in modules if any(name == other or name.startswith(f"{other}.") for other in NOT_NEEDED)]
    assert needless == [], "import these where they are needed"
    weights = {name: nodes_of(name) for name in modules}
    heaviest = sorted(weights, key=lambda name: -weights[name])[:10]
    assert sum(weights.values()) <= LIMITS[kind], f"the heaviest of {len(modules)} files: {', '.join(f'{name} {weights[name]}' for name in heaviest)}"


def test_every_file_that_is_not_needed_exists() -> None:
    assert [name for name in NOT_NEEDED if importlib.util.find_spec(f"{UTILS}.{name}") is None] == []
