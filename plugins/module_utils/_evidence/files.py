# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files replaced whole: a reader, or a run after a kill, sees the old or the new content and never a half."""

from __future__ import annotations

import os
import tempfile


def replace_file(path: str, text: str) -> bool:
    """Give ``path`` this content; True if it had another or none. Makes the directories that are missing."""
    content = text.encode()
    if read_file(path) == content:
        return False
    folder = os.path.dirname(path) or "."
    os.makedirs(folder, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise
    return True


def read_file(path: str) -> bytes | None:
    """The content, None if there is no such file."""
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except FileNotFoundError:
        return None


def remove_file(path: str) -> bool:
    """True if it was there."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True
