"""Whether reports on the disk follow the published schema; knows nothing of the runs that they are of."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema

from tests.tools.collection_tree import ROOT


def check_reports(directory: Path) -> int:
    """How many reports there are below a directory. Raises jsonschema.ValidationError for the first that breaks the schema."""
    schema = json.loads((ROOT / "docs" / "report.schema.json").read_text())
    found = sorted(directory.rglob("report.json"))
    for path in found:
        jsonschema.validate(json.loads(path.read_text()), schema)
    return len(found)
