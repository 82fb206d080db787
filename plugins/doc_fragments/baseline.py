# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of modules that take a baseline."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  baseline:
    description:
      - The directory of the baseline, as M(nutanix_flow.dr.baseline) wrote it.
      - A baseline with a changed, missing or added file is refused, and all such files are named.
    type: path
    required: true
"""

    OPTIONAL = r"""
options:
  baseline:
    description:
      - The directory of the baseline, as M(nutanix_flow.dr.baseline) wrote it.
      - A baseline with a changed, missing or added file is refused, and all such files are named.
    type: path
"""

    SIGNERS = r"""
options:
  allowed_signers:
    description:
      - A file of public keys, as C(ssh-keygen) takes it, that may have signed the baseline.
      - When given, a baseline without a good signature of one of them is refused.
    type: path
"""
