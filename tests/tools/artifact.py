"""Builds the collection's artefact from a copy of the checkout and lets galaxy-importer judge it, as Galaxy does on upload."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.tools import collection_tree

BASE = collection_tree.CACHE / "artifact"
SETTINGS = {
    "GALAXY_IMPORTER_CHECK_CHANGELOG": "true",
    "GALAXY_IMPORTER_CHECK_REQUIRED_TAGS": "true",
    "GALAXY_IMPORTER_REQUIRE_V1_OR_GREATER": "true",
    "GALAXY_IMPORTER_ANSIBLE_LOCAL_TMP": str(BASE / "tmp"),
}


def main() -> int:
    artifact = build()
    imported = subprocess.run(
        [sys.executable, "-m", "galaxy_importer.main", str(artifact)],
        cwd=BASE, env={**os.environ, **SETTINGS}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )
    output = imported.stdout + imported.stderr
    print(output)
    # The importer exits 0 on most of what it finds, so what it says decides.
    complaints = re.findall(r"^(?:WARNING|ERROR|CRITICAL): .*$", output, re.MULTILINE)
    if complaints:
        print(f"galaxy-importer complains {len(complaints)} times, first: {complaints[0]}")
    return int(bool(imported.returncode or complaints or "Importing with galaxy-importer" not in output))


def build() -> Path:
    """Build the artefact; return its path."""
    if BASE.exists():
        shutil.rmtree(BASE)
    tree = collection_tree.copy(BASE / "collections")
    subprocess.run(["ansible-galaxy", "collection", "build", "--output-path", str(BASE)], cwd=tree, check=True, stdin=subprocess.DEVNULL)
    return next(BASE.glob("*.tar.gz"))


if __name__ == "__main__":
    sys.exit(main())
