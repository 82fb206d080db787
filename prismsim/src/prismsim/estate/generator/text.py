# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An estate document as text. The same document gives the same bytes on every machine."""

from __future__ import annotations

import json
from typing import Any

import yaml

# Never an anchor: which objects Python happens to share must not show in the text. libyaml writes ten times faster.
_Dumper: Any = type(
    "_Dumper",
    (getattr(yaml, "CSafeDumper", yaml.SafeDumper),),
    {"ignore_aliases": lambda self, data: True},
)


def to_yaml(document: dict[str, Any]) -> str:
    """YAML with one line per small mapping or list."""
    # One very long line limit: libyaml and PyYAML's own emitter fold lines differently.
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, default_flow_style=None, width=1_000_000)
    return text


def to_json(document: dict[str, Any]) -> str:
    """JSON, which loads several times faster than YAML."""
    return json.dumps(document, indent=1) + "\n"
