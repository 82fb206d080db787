"""Runs one playbook of the collection as a person would, and reads its output; knows nothing of the story it is part of."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

SECONDS = 900.0
"""The deadline of one playbook, which ends what hangs: a busy machine takes minutes for what a quiet one does in twenty seconds."""


@dataclass(frozen=True)
class Play:
    """What came of one ansible-playbook."""

    code: int
    seconds: float
    text: str
    log: Path

    @property
    def changed(self) -> int:
        """How many tasks changed something; -1 if the play didn't come to its end."""
        found = re.search(r"^localhost .* changed=(\d+) ", self.text, re.MULTILINE)
        return int(found[1]) if found else -1

    def says(self, task: str) -> list[str]:
        """The message of the task of this name, of all its items: what stands below `msg:`."""
        found = re.search(rf"^TASK \[[^]]*{re.escape(task)}\] \**\n(.*?)^(?=TASK|PLAY)", self.text, re.MULTILINE | re.DOTALL)
        messages = re.findall(r"^    msg:(.*?)(?=^\S|^$|\Z)", found[1], re.MULTILINE | re.DOTALL) if found else []
        return [line for message in messages for line in _plain(message)]

    def confirmation(self) -> str:
        """What the rehearsal tells to approve its plan with. Raises ValueError if it doesn't."""
        found = re.search(r"_confirm=([a-z0-9_-]+:[a-z]+:[0-9a-f]{8})", self.text)
        if not found:
            raise ValueError(f"no confirmation string in {self.log}")
        return found[1]


def _plain(message: str) -> list[str]:
    """The lines of a message without the signs of YAML: a block of text, a list, or one text, folded where they are long."""
    first, _newline, rest = message.partition("\n")
    if first.strip() == "|-":
        return textwrap.dedent(rest).splitlines()
    lines: list[str] = []
    for line in (textwrap.dedent(rest) if not first.strip() else message.strip()).splitlines():
        if line.startswith("- ") or not lines:
            lines.append(line.removeprefix("- "))
        else:
            lines[-1] += f" {line.strip()}"
    return [line[1:-1].replace("''", "'") if line[:1] == "'" else line for line in lines]


def play(
    name: str,
    log: Path,
    *arguments: str,
    directory: Path,
    variables: Mapping[str, str],
    when: tuple[str, Callable[[], None]] | None = None,
) -> Play:
    """Run `nutanix_flow.dr.NAME` in DIRECTORY, with its output in LOG. `when` is a text and what to do once a line shows it."""
    command = [str(Path(sys.executable).with_name("ansible-playbook")), f"nutanix_flow.dr.{name}", *arguments]
    began = time.monotonic()
    lines: list[str] = []
    with log.open("w") as output, subprocess.Popen(
        command, cwd=directory, env=environment(variables), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    ) as process:
        assert process.stdout is not None
        late = threading.Timer(SECONDS, process.kill)
        late.start()
        try:
            for line in process.stdout:
                lines.append(line)
                output.write(line)
                if when and when[0] in line:
                    act, when = when[1], None
                    act()
            code = process.wait()
        finally:
            late.cancel()
            process.terminate()
    seconds = time.monotonic() - began
    if seconds > SECONDS:
        raise TimeoutError(f"{name} had not ended after {SECONDS:.0f} s, see {log}")
    return Play(code, seconds, "".join(lines), log)


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """What ansible-playbook runs in: plain output, and VARIABLES."""
    return {
        **os.environ,
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "yaml",
        "ANSIBLE_FORCE_COLOR": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOLOR": "true",
        "LC_ALL": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        **variables,
    }
