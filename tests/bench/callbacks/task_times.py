"""Writes how long each task took, in seconds, as JSON lines to the file that TASK_TIMES names. Knows nothing of what they do."""

from __future__ import annotations

import json
import os
import time
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: task_times
type: aggregate
short_description: Seconds of each task
description: One JSON line per task, with its name, its seconds and its result.
"""


class CallbackModule(CallbackBase):
    """From the start of a task to its result, which is what the person at the terminal waits for."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "task_times"

    def __init__(self) -> None:
        super().__init__()
        self._started = 0.0

    def v2_playbook_on_task_start(self, task: Any, is_conditional: bool) -> None:
        self._started = time.perf_counter()

    def v2_runner_on_ok(self, result: Any) -> None:
        self._write(result, failed=False)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        self._write(result, failed=True)

    def _write(self, result: Any, *, failed: bool) -> None:
        seconds = time.perf_counter() - self._started
        line = {"task": result.task.get_name(), "seconds": seconds, "failed": failed, "changed": bool(result.result.get("changed"))}
        if failed:
            line["message"] = str(result.result.get("msg"))
        with open(os.environ["TASK_TIMES"], "a", encoding="utf-8") as output:
            output.write(json.dumps(line) + "\n")
