# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs the manifest of a baseline with an SSH key, and verifies it, through ``ssh-keygen -Y``. Knows no baseline content, and leaves
the running of commands to its caller."""

from __future__ import annotations

import os
import typing as t

from .._errors import Finding, InvalidInput
from .baseline import SIGNATURE
from .files import read_file, remove_file
from .manifest import FILE

NAMESPACE = "dr-baseline"


class Command(t.Protocol):
    """Runs a command that may not ask anybody anything."""

    def __call__(self, arguments: t.Sequence[str], stdin: bytes) -> tuple[bool, str]:
        """Whether it ended well, and what it said. Raises InvalidInput if it isn't installed."""


def sign(path: str, key: str, command: Command) -> bool:
    """Sign the baseline in ``path`` with the private key file (no passphrase, or one in an agent). True if the signature is new.

    Raises InvalidInput with what ssh-keygen said.
    """
    signature = os.path.join(path, SIGNATURE)
    before = read_file(signature)
    if before is not None and _check(["check-novalidate", "-s", signature], path, command)[0] and _signed_with(signature, key):
        return False
    remove_file(signature)  # ssh-keygen asks before it replaces one
    done, said = command(["ssh-keygen", "-Y", "sign", "-q", "-n", NAMESPACE, "-f", key, os.path.join(path, FILE)], b"")
    if not done:
        raise InvalidInput([Finding(key, f"can't sign with it: {said}", "give a private key without passphrase, or one held by ssh-agent")], verb="sign")
    return read_file(signature) != before


def verify(path: str, allowed_signers: str, command: Command) -> str:
    """The principal that signed the baseline. Raises InvalidInput if it isn't signed, or not by one of the allowed signers."""
    signature = os.path.join(path, SIGNATURE)
    if read_file(signature) is None:
        raise InvalidInput([Finding(signature, "is missing, the baseline isn't signed", "export again with a signing key")], verb="verify")
    found, said = _check(["find-principals", "-f", allowed_signers, "-s", signature], path, command)
    for principal in said.split() if found else ():
        if _check(["verify", "-f", allowed_signers, "-I", principal, "-s", signature], path, command)[0]:
            return principal
    fix = "find out who changed it; restore it from git or export and sign again"
    raise InvalidInput([Finding(signature, f"is not the signature of an allowed signer over this manifest: {said}", fix)], verb="verify")


def _signed_with(signature: str, key: str) -> bool:
    """Whether the signature carries the public key beside ``key``."""
    public, content = read_file(key + ".pub"), read_file(signature)
    if public is None or content is None:
        return False
    import base64

    body = b"".join(line for line in content.splitlines() if not line.startswith(b"-----"))
    return base64.b64decode(public.split()[1]) in base64.b64decode(body)


def _check(arguments: t.Sequence[str], path: str, command: Command) -> tuple[bool, str]:
    return command(["ssh-keygen", "-Y", arguments[0], "-n", NAMESPACE, *arguments[1:]], read_file(os.path.join(path, FILE)) or b"")
