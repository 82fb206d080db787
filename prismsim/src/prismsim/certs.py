# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The certificate authority of a state directory, and one server certificate for localhost. Made once, then reused."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

import trustme

_NAMES = ("localhost", "127.0.0.1")


def server_context(state: Path) -> tuple[ssl.SSLContext, Path]:
    """The TLS context for all sites, and the path of the CA certificate that clients verify with."""
    ca_path, chain_path = state / "ca.pem", state / "server.pem"
    if not (ca_path.exists() and chain_path.exists()):
        authority = trustme.CA(organization_name="prismsim")
        certificate = authority.issue_cert(*_NAMES)
        chain = certificate.private_key_and_cert_chain_pem.bytes()
        descriptor = os.open(chain_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(chain)
        authority.cert_pem.write_to_path(str(ca_path))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain_path)
    return context, ca_path
