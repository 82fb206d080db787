"""Writes what follows from the modules and the changelog fragments: the action group, CHANGELOG.rst, changelog.yaml.

    python -m tests.tools.release_notes            both
    python -m tests.tools.release_notes --group    the action group alone
"""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import datetime, timezone

import yaml

from tests.tools import collection_tree, modules

RUNTIME = collection_tree.ROOT / "meta" / "runtime.yml"
CHANGELOG = collection_tree.ROOT / "changelogs" / "changelog.yaml"


def write_action_group() -> None:
    """Replace the list below `all:` in meta/runtime.yml."""
    members = "".join(f"\n    - {name}" for name in modules.with_connection()) or " []"
    text = RUNTIME.read_text()
    RUNTIME.write_text(re.sub(r"(?m)^  all:(?: \[\])?(?:\n    - .*)*$", f"  all:{members}", text))


def write_changelog() -> None:
    """Write the release notes of the version in galaxy.yml; a release that is noted already keeps its date."""
    version = yaml.safe_load((collection_tree.ROOT / "galaxy.yml").read_text())["version"]
    releases = yaml.safe_load(CHANGELOG.read_text())["releases"] if CHANGELOG.exists() else {}
    date = releases.get(version, {}).get("release_date") or datetime.now(timezone.utc).date().isoformat()
    subprocess.run(
        ["antsibull-changelog", "release", "--update-existing", "--reload-plugins", "--date", date],
        cwd=collection_tree.ROOT, check=True, stdin=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    write_action_group()
    if "--group" not in sys.argv[1:]:
        write_changelog()
