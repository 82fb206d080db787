# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The few lines of script in the page: a box that filters the rows of its tables. Without script the page has no box and lacks nothing else."""

from __future__ import annotations

import base64
import hashlib

SCRIPT = """
(function () {
  var box = document.createElement("input"), told = document.createElement("span");
  box.type = "search";
  box.placeholder = "Filter rows: a VM, a policy, a verdict";
  box.setAttribute("aria-label", "Filter the rows of all tables and lists");
  document.getElementById("filter").append(box, told);
  box.addEventListener("input", function () {
    var words = box.value.toLowerCase().split(/\\s+/).filter(Boolean), shown = 0, rows = document.querySelectorAll("table.cards tbody tr, li");
    rows.forEach(function (row) {
      var text = row.textContent.toLowerCase();
      row.hidden = words.some(function (word) { return text.indexOf(word) < 0; });
      shown += row.hidden ? 0 : 1;
    });
    told.textContent = words.length ? " " + shown + " of " + rows.length : "";
  });
  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (one) { one.open = true; });
  });
})();
"""

#: What the page's security policy lets run: this script and no other.
DIGEST = "sha256-" + base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
