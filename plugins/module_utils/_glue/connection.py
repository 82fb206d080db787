# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The connection options and what they become. Knows Ansible's option format and Endpoint; opens nothing."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import env_fallback

from .._net.session import Endpoint

Spec = dict[str, dict[str, t.Any]]


def connection_spec() -> Spec:
    """Names and environment variables are those of nutanix.ncp, so that one module_defaults serves both."""
    return {
        "nutanix_host": {"type": "str", "required": True, "fallback": (env_fallback, ["NUTANIX_HOST"])},
        "nutanix_port": {"type": "int", "default": 9440, "fallback": (env_fallback, ["NUTANIX_PORT"])},
        "nutanix_username": {"type": "str", "fallback": (env_fallback, ["NUTANIX_USERNAME"])},
        "nutanix_password": {"type": "str", "no_log": True, "fallback": (env_fallback, ["NUTANIX_PASSWORD"])},
        "nutanix_api_key": {"type": "str", "no_log": True, "fallback": (env_fallback, ["NUTANIX_API_KEY"])},
        "validate_certs": {"type": "bool", "default": True, "fallback": (env_fallback, ["VALIDATE_CERTS"])},
        "ca_path": {"type": "path", "fallback": (env_fallback, ["NUTANIX_CA_PATH"])},
        "timeout": {"type": "int", "default": 60, "fallback": (env_fallback, ["NUTANIX_TIMEOUT"])},
        "wait_timeout": {"type": "int", "default": 600},
    }


def connection_rules() -> dict[str, t.Any]:
    """The rules between connection options, as AnsibleModule takes them."""
    return {
        "required_one_of": [("nutanix_username", "nutanix_api_key")],
        "required_together": [("nutanix_username", "nutanix_password")],
        "mutually_exclusive": [("nutanix_username", "nutanix_api_key")],
    }


def endpoint_from(params: t.Mapping[str, t.Any], *, label: str = "") -> Endpoint:
    """The Endpoint of one set of connection options. ``label`` names the site in messages, default the host."""
    return Endpoint(
        host=params["nutanix_host"],
        port=params["nutanix_port"],
        username=params["nutanix_username"],
        password=params["nutanix_password"],
        api_key=params["nutanix_api_key"],
        validate_certs=params["validate_certs"],
        ca_path=params["ca_path"],
        timeout=float(params["timeout"]),
        site=label or params.get("id") or params["nutanix_host"],
    )
