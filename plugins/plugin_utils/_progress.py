# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a module and shows the lines of progress that it leaves in a file meanwhile: a module alone can't speak before it ends.

For modules with the option ``progress_file`` that run on the machine of Ansible itself, as all playbooks of this collection do.
"""

from __future__ import annotations

import os
import tempfile
import threading
import typing as t

from ansible import constants
from ansible.plugins.action import ActionBase

OPTION = "progress_file"
_LOOK_SECONDS = 1.0


class ActionWithProgress(ActionBase):
    """Base of the action plugins of long-running modules."""

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        result: dict[str, t.Any] = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        own = ""
        if not arguments.get(OPTION):
            handle, own = tempfile.mkstemp(prefix="progress-", dir=constants.DEFAULT_LOCAL_TMP)
            os.close(handle)
            arguments[OPTION] = own
        ended = threading.Event()
        watcher = threading.Thread(target=self._show, args=(arguments[OPTION], ended), daemon=True)
        watcher.start()
        try:
            result.update(self._execute_module(module_name=self._task.action, module_args=arguments, task_vars=task_vars))
        finally:
            ended.set()
            watcher.join()
            if own:
                os.unlink(own)
        return result

    def _show(self, path: str, ended: threading.Event) -> None:
        """Show each line once it is whole, until the module has ended and all has been shown."""
        position = _size(path)
        last = False
        while not last:
            last = ended.wait(_LOOK_SECONDS)
            lines, position = _new_lines(path, position)
            for line in lines:
                self._display.display(f"  {line}")


def _size(path: str) -> int:
    return os.path.getsize(path) if os.path.exists(path) else 0


def _new_lines(path: str, position: int) -> tuple[list[str], int]:
    """The whole lines after a position, and the position after them."""
    if not os.path.exists(path):
        return [], position
    with open(path, encoding="utf-8") as stream:
        stream.seek(position)
        text = stream.read()
    whole = text[: text.rfind("\n") + 1]
    return whole.splitlines(), position + len(whole.encode())
