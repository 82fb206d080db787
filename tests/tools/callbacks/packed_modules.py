"""Lets the plays of one run of the tests share the modules that Ansible has packed. Knows no module.

Each play packs each module that it runs, with all that the module imports: about a third of what a playbook of the
collection costs. The packed module depends on nothing but its source, so the first play to need it packs it for all.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: packed_modules
type: aggregate
short_description: Share packed modules among plays
description: Keeps them in the directory that PACKED_MODULES names, which must not outlive the run of the tests.
"""


class CallbackModule(CallbackBase):
    """Gives a play what others have packed, and them what it has packed. Plays may run at the same time: files come whole."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "packed_modules"

    def __init__(self) -> None:
        super().__init__()
        self._shared = Path(os.environ["PACKED_MODULES"])
        self._own = Path(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache")
        self._own.mkdir()
        for packed in self._shared.iterdir():
            if not packed.name.startswith("."):
                (self._own / packed.name).symlink_to(packed)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        for packed in self._own.iterdir():
            if not packed.is_symlink() and not packed.name.endswith((".lock", "-part")):
                copy = self._shared / f".{os.getpid()}-{packed.name}"
                shutil.copyfile(packed, copy)
                copy.replace(self._shared / packed.name)
