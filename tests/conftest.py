"""Makes the checkout importable, and for ansible-playbook findable, as the installed collection, before any test is collected."""

from __future__ import annotations

import importlib
import os

from tests.tools import collection_tree

os.environ["ANSIBLE_COLLECTIONS_PATH"] = str(collection_tree.link())
importlib.invalidate_caches()  # .cache/collections may be younger than sys.path's memory of it
