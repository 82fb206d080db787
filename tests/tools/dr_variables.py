"""Writes dr.yml, the variables of all playbooks, for the sites of a running simulator. Passwords come from the environment."""

from __future__ import annotations

from pathlib import Path

from prismsim.testing import Running

HEAD = """\
# The variables of all playbooks. Passwords come from the environment.
dr_primary: north
dr_recovery: south
dr_site_map: dr_site_map.yml
dr_baseline: baseline
dr_reports: reports
dr_change_id: CHG-4711
dr_reason: demonstration
dr_sites:
"""
SITE = """\
  - id: {id}
    nutanix_host: {host}
    nutanix_port: {port}
    nutanix_username: {username}
    nutanix_password: "{{{{ lookup('ansible.builtin.env', '{secret}') }}}}"
    ca_path: {ca}
"""


def write(path: Path, simulator: Running) -> dict[str, str]:
    """Write the file; return the environment variables that it needs."""
    secrets = {}
    sites = []
    for name in simulator.ready["sites"]:
        central = simulator.site(name)
        host, _colon, port = central["url"].removeprefix("https://").rstrip("/").partition(":")
        secret = f"{name.upper()}_PASSWORD"
        secrets[secret] = central["password"]
        sites.append(SITE.format(id=name, host=host, port=port, username=central["username"], secret=secret, ca=simulator.ready["ca"]))
    path.write_text(HEAD + "".join(sites))
    return secrets
