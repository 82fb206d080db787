"""Makes the checkout importable, and for ansible-playbook findable, as the installed collection, before any test is collected."""

from __future__ import annotations

import importlib
import os
import tempfile
from pathlib import Path

import pytest

from tests.tools import collection_tree

os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(collection_tree.link())
importlib.invalidate_caches()  # .cache/collections may be younger than sys.path's memory of it


def pytest_configure(config: pytest.Config) -> None:
    """Have every play of this run share the modules that Ansible packs."""
    packed = tempfile.TemporaryDirectory(prefix="packed-modules-")
    config.add_cleanup(packed.cleanup)
    os.environ["PACKED_MODULES"] = packed.name
    os.environ["ANSIBLE_CALLBACK_PLUGINS"] = str(Path(__file__).parent / "tools" / "callbacks")
    os.environ["ANSIBLE_CALLBACKS_ENABLED"] = "packed_modules"
