# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs commands the way Ansible wants it. Knows AnsibleModule; not what is run."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from .._errors import Finding, InvalidInput
from .._evidence.signature import Command

# A command that wants a passphrase gets none, at once, instead of waiting for a person.
_NOBODY_ANSWERS = {"SSH_ASKPASS": "false", "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": ""}


def commands_of(module: AnsibleModule) -> Command:
    """What runs commands for the layers below."""

    def command(arguments: t.Sequence[str], stdin: bytes) -> tuple[bool, str]:
        if module.get_bin_path(arguments[0]) is None:
            raise InvalidInput([Finding(arguments[0], "is not installed here", "install the OpenSSH client")])
        code, out, err = module.run_command([*arguments], data=stdin, binary_data=True, environ_update=_NOBODY_ANSWERS)
        return code == 0, (out or err).strip()

    return command
