# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options shared by every module that talks to a Prism Central."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  nutanix_host:
    description:
      - Host name or IP address of the Prism Central.
      - If not given, the environment variable E(NUTANIX_HOST) is used.
    type: str
    required: true
  nutanix_port:
    description:
      - Port of the Prism Central.
      - If not given, the environment variable E(NUTANIX_PORT) is used.
    type: int
    default: 9440
  nutanix_username:
    description:
      - User name. Needs O(nutanix_password).
      - If not given, the environment variable E(NUTANIX_USERNAME) is used.
    type: str
  nutanix_password:
    description:
      - Password of O(nutanix_username).
      - If not given, the environment variable E(NUTANIX_PASSWORD) is used.
    type: str
  nutanix_api_key:
    description:
      - API key, instead of user name and password.
      - If not given, the environment variable E(NUTANIX_API_KEY) is used.
    type: str
  validate_certs:
    description:
      - Whether the certificate of the Prism Central must be valid.
      - If not given, the environment variable E(VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - File with the certificates of the authorities to trust, instead of those of the system.
      - If not given, the environment variable E(NUTANIX_CA_PATH) is used.
    type: path
  timeout:
    description:
      - Seconds to wait for one answer.
      - If not given, the environment variable E(NUTANIX_TIMEOUT) is used.
    type: int
    default: 60
  wait_timeout:
    description:
      - Seconds to wait for a task of the Prism Central to end.
    type: int
    default: 600
requirements:
  - python >= 3.10
  - requests
notes:
  - A proxy is taken from the environment variables E(HTTPS_PROXY) and E(NO_PROXY).
"""
