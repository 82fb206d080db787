"""Knows how the checkout is laid out where Ansible looks for a collection; not what any tool does with it.

`link()` serves playbooks, imports and linters: a directory of links, always current. `copy()` serves what must not see a
link or an ignored file: ansible-test and `ansible-galaxy collection build`.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".cache"
NAME = Path("ansible_collections") / "nutanix_flow" / "dr"
LINKED = ("CHANGELOG.rst", "README.md", "changelogs", "docs", "extensions", "galaxy.yml", "meta", "playbooks", "plugins", "roles")


def link() -> Path:
    """Link what a collection consists of; return the directory to name in ANSIBLE_COLLECTIONS_PATH.

    Entries are linked one by one: a link to the checkout itself would contain `.cache`, and so itself.
    """
    collections = CACHE / "collections"
    tree = collections / NAME
    tree.mkdir(parents=True, exist_ok=True)
    for name in LINKED:
        entry = tree / name
        if entry.is_symlink() and not entry.exists():
            entry.unlink(missing_ok=True)
        if (ROOT / name).exists() and not entry.is_symlink():
            try:
                entry.symlink_to(ROOT / name)
            except FileExistsError:  # another run was quicker
                continue
    return collections


def files() -> list[str]:
    """Paths of the checkout that git knows or would add, relative to its root."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )
    return sorted(path for path in listing.stdout.split("\0") if path and (ROOT / path).is_file())


def copy(base: Path) -> Path:
    """Copy `files()` to BASE/ansible_collections/nutanix_flow/dr, replacing an older copy; return that directory."""
    tree = base / NAME
    if tree.exists():
        shutil.rmtree(tree)
    for path in files():
        target = tree / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target)
    return tree
