# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the page on segmentation: proofs with their matrix and differences, probes, hit logs, what is uncertain. Text only."""

from __future__ import annotations

STYLE = """
.matrix { width: auto; font-size: .75rem; }
.matrix th, .matrix td { border: 1px solid var(--line); padding: .2rem .3rem; }
.matrix td { min-width: 1.8rem; max-width: 7rem; overflow-wrap: normal; } .matrix td.same { color: var(--soft); }
.matrix thead th { vertical-align: bottom; } .matrix thead span { writing-mode: vertical-rl; transform: rotate(180deg); }
.matrix tbody th { position: sticky; left: 0; background: var(--paper); }
.opened { background: #f9dcda; } .closed { background: #fbeecb; } .monitored_only { background: #e3ebf4; }
b.opened, b.closed, b.monitored_only { padding: 0 .3rem; }
details { margin: .6rem 0; } summary { cursor: pointer; color: var(--soft); }
@media (max-width: 40rem) { .bars { font-size: .72rem; } .bars th, .bars td { padding-right: .3rem; } .bars .bar { min-width: 1rem; } }
.bar .unsecured { background: var(--bad); } .bar .basic_vlan { background: #8b95a0; }
"""

PROOFS = """
{% for proof in proofs %}
{% if loop.first %}
<h2 id="segmentation">Segmentation</h2>
{% endif %}
<h3>{{ 'Proof ' ~ loop.index ~ ' of ' ~ proofs | length ~ ': ' if proofs | length > 1 else '' }}{{ proof.source }} to {{ proof.target }},
<span class="{{ 'good' if proof.verdict == 'equal' else 'bad' }}">{{ proof.verdict }}</span></h3>
<p>{{ proof.proof }}. <span class="soft">{{ proof.time | clock }}, step {{ proof.step }}</span></p>
{% if proof.bars %}
<div class="scroll"><table class="bars">
<thead><tr><th>interfaces</th><th></th>{% for level in proof.levels %}<th class="number">{{ level | replace('_', ' ') }}</th>{% endfor %}</tr></thead>
<tbody>
{% for when, total, parts in proof.bars %}
<tr><td>{{ when }}</td><td style="width: 35%"><div class="bar" aria-hidden="true">
{% for level, number in parts if number %}<i class="{{ level }}" style="width: {{ 100 * number / total }}%"></i>{% endfor %}
</div></td>{% for level, number in parts %}<td class="number">{{ number }}</td>{% endfor %}</tr>
{% endfor %}
</tbody></table></div>
{% endif %}
{% if proof.causes %}
<ol>
{% for cause in proof.causes %}
<li><b class="{{ cause.kind }}">{{ cause.kind | replace('_', ' ') }}</b> because of <b>{{ cause.policy or 'no policy' }}</b>,
{{ cause.groups }} group{{ 's' if cause.groups != 1 }} of flows. {{ cause.explanation }}</li>
{% endfor %}
</ol>
{% endif %}
{% if proof.facts %}
<ul>
{% for fact in proof.facts %}
<li><b class="{{ {'problem': 'bad', 'warning': 'fair'}.get(fact.severity, '') }}">{{ fact.severity }}</b> {{ fact.subject }} {{ fact.problem }}
<span class="soft">({{ fact.code }})</span></li>
{% endfor %}
</ul>
{% endif %}
{% if proof.differences %}
<details{{ ' open' if proof.last }}><summary>
{{- '1 group of flows that differs' if proof.differences | length == 1 else proof.differences | length ~ ' groups of flows that differ' }},
each with a packet that shows it</summary>
<div class="scroll"><table class="cards">
<thead><tr><th>flows</th><th>services</th><th>witness packet</th><th>before</th><th>after</th></tr></thead>
<tbody>
{% for row in proof.differences %}
<tr><td><b class="{{ row.kind }}">{{ row.kind | replace('_', ' ') }}</b> {{ row.pairs }} pair{{ 's' if row.pairs != 1 }} of ends</td>
<td data-name="services">{{ row.services | join(', ') }}{{ ' over IPv6' if row.ipv6 }}</td>
<td class="long" data-name="witness">{{ row.witness['from'] }} to {{ row.witness.to }} {{ row.witness.service }}</td>
<td class="long" data-name="before">{{ row.before | join('; ') }}</td><td class="long" data-name="after">{{ row.after | join('; ') }}</td></tr>
{% endfor %}
</tbody></table></div></details>
{% endif %}
{% if proof.grid %}
<details{{ ' open' if proof.last }}><summary>Who may talk to whom, by {{ proof.matrix.by | join(' and ') }}: from the tier on the left to the tier above
</summary>
<p class="soft">Services over IPv4 between any of their VMs; ~ between some of them only; empty: nothing.
{% if proof.differences %}<b class="opened">opened</b> <b class="closed">closed</b> <b class="monitored_only">monitored only</b>
<s>gone</s> new, and how many services are as before{% else %}Before and after are equal.{% endif %}</p>
<div class="scroll"><table class="matrix">
<thead><tr><th></th>{% for name in proof.tiers %}<th><span>{{ name }}</span></th>{% endfor %}</tr></thead>
<tbody>
{% for name, cells in proof.grid %}
<tr><th>{{ name }}</th>{% for cell in cells %}<td class="{{ cell.kind }}"{% if cell.title %} title="{{ cell.title }}"{% endif %}>
{%- if cell.before %}<s>{{ cell.before }}</s> {% endif %}{{ cell.after }}</td>{% endfor %}</tr>
{% endfor %}
</tbody></table></div></details>
{% endif %}
{% endfor %}
"""

CHECKED = """
{% if report.probes %}
<h2>Probes</h2>
<p>{% for verdict, number in probe_counts.items() %}{{ verdict }} {{ number }}{{ ', ' if not loop.last }}{% endfor %}</p>
<div class="scroll"><table class="cards">
<thead><tr><th>verdict</th><th>from</th><th>to</th><th>service</th><th>expected</th><th>observed</th><th>policy</th><th>reason</th></tr></thead>
<tbody>
{% for row in report.probes %}
<tr><td><b class="{{ probe_tones.get(row.verdict, 'fair') }}">{{ row.verdict }}</b></td>
{% for key in ('source', 'destination', 'service', 'expected', 'observed', 'policy', 'reason') %}
<td class="{{ 'long' if key in ('source', 'destination', 'reason') }}" data-name="{{ key }}">{{ row.get(key) | words }}</td>
{% endfor %}
</tr>
{% endfor %}
</tbody></table></div>
{% endif %}
{% for log in report.hit_logs %}
<h2>Flow logs of {{ log.site }}</h2>
<p>{{ log.lines }} lines, {{ log.get('first') | words }} to {{ log.get('last') | words }}: {{ log.agreements }} agree with the security rules.</p>
{% if log.contradictions %}
<div class="scroll"><table class="cards">
<thead><tr><th>contradiction</th><th class="number">lines</th><th>policy</th><th>for instance</th></tr></thead>
<tbody>
{% for row in contradictions(log) %}
<tr><td><b class="{{ {'problem': 'bad', 'warning': 'fair'}.get(row.get('severity'), '') }}">{{ row.contradiction }}</b></td>
<td class="number" data-name="lines">{{ row.lines }}</td><td data-name="policy">{{ row.get('policy') | words }}</td>
<td class="long" data-name="for instance">{% for one in row['for instance'] %}{{ one }}<br>{% endfor %}</td></tr>
{% endfor %}
</tbody></table></div>
{% endif %}
{% if log.get('rules') %}
<p>Entries of rules: {{ log.rules.get('allowed', []) | length }} seen allowing, {{ log.rules.get('denied', []) | length }} seen denying,
{{ log.rules.get('never', []) | length }} never exercised.</p>
{% if log.rules.get('never') %}
<details><summary>never exercised</summary><ul>{% for name in log.rules.never %}<li>{{ name | words }}</li>{% endfor %}</ul></details>
{% endif %}
{% endif %}
{% endfor %}
{% if report.uncertain %}
<h2>What is uncertain</h2>
<ul>{% for row in report.uncertain %}<li><span class="soft">{{ row.about }}:</span> {{ row.text }}</li>{% endfor %}</ul>
{% endif %}
"""

AUDIT = """
<h2>Evidence</h2>
<p>{{ report.evidence.statement }}</p>
<dl>
{% for tool in report.evidence.tools %}<dt>tool</dt><dd>{{ tool | words }}</dd>{% endfor %}
{% for method in report.evidence.methods %}<dt>method</dt><dd>{{ method }}</dd>{% endfor %}
<dt>scope</dt><dd>{{ report.evidence.scope | words }}</dd>
{% for row in report.evidence.inputs %}<dt>input</dt><dd>{{ row | words }}</dd>{% endfor %}
{% for digest in report.evidence.plans %}<dt>plan</dt><dd>sha256 {{ digest }}</dd>{% endfor %}
{% if report.evidence.testers %}<dt>tester</dt><dd>{{ report.evidence.testers | words }}</dd>{% endif %}
</dl>
{% if report.evidence.controls %}
<div class="scroll"><table class="cards">
<thead><tr><th>supports evidence for</th><th>what it asks for</th><th>status</th><th>missing</th></tr></thead>
<tbody>
{% for row in report.evidence.controls %}
<tr><td><b>{{ row.framework }} {{ row.clause }}</b></td><td data-name="asks">{{ row.asks }}</td><td data-name="status">{{ row.status }}</td>
<td data-name="missing">{{ row.missing | join('; ') }}</td></tr>
{% endfor %}
</tbody></table></div>
{% endif %}
"""

RPO = """
{% if report.rpo %}
<h2>Data lost, as measured</h2>
<p>At most <b>{{ report.rpo.max_seconds | duration if report.rpo.max_seconds is not none else 'unknown' }}</b> of {{ report.rpo.vms | length }} VMs.
{% if report.rpo.unknown %}Of {{ report.rpo.unknown }} nobody can tell. {% endif %}
Recovery point objective: {{ rpo_words }}.</p>
<div class="scroll"><table class="cards">
<thead><tr><th>VM</th><th class="number">lost</th><th>started from</th><th>recovery point of</th><th>objective</th></tr></thead>
<tbody>
{% for vm in report.rpo.vms %}
<tr><td class="name"><b>{{ vm.vm }}</b></td><td class="number" data-name="lost">{{ vm.seconds | duration if vm.seconds is not none else 'cannot be told' }}</td>
<td data-name="started from">{{ vm.source | words }}</td><td data-name="recovery point of">{{ vm.point | words }}</td>
<td class="{{ 'bad' if vm.met == false }}" data-name="objective">{{ {true: 'met', false: 'missed'}.get(vm.met, '') }}</td></tr>
{% endfor %}
</tbody></table></div>
{% endif %}
"""
