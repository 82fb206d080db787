"""Makes the checkout importable as the installed collection before any test is collected."""

from __future__ import annotations

import importlib

from tests.tools import collection_tree

collection_tree.link()
importlib.invalidate_caches()  # .cache/collections may be younger than sys.path's memory of it
