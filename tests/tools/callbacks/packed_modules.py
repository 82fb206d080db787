"""Lets the plays of one run of the tests share the modules that Ansible has packed. Knows no module.

Each play packs each module that it runs, with all that the module imports: about a third of what a playbook of the
collection costs. The packed module depends on nothing but its source, so the first play to need it packs it for all.
"""

from __future__ import annotations

import os
from pathlib import Path

from ansible import constants
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: packed_modules
type: aggregate
short_description: Share packed modules among plays
description: Keeps them in the directory that PACKED_MODULES names, which must not outlive the run of the tests.
"""


class CallbackModule(CallbackBase):
    """Puts the shared directory where Ansible keeps what it has packed, until the play ends."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "packed_modules"

    def __init__(self) -> None:
        super().__init__()
        Path(constants.DEFAULT_LOCAL_TMP, "ansiballz_cache").symlink_to(os.environ["PACKED_MODULES"])
