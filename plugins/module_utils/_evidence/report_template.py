# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The template of the report for a browser, a phone and paper. Text only: what fills it, report_html knows."""

from __future__ import annotations

from .report_script import DIGEST, SCRIPT
from .report_template_proof import AUDIT, CHECKED, PROOFS, RPO, STYLE

_STYLE = """
:root { --ink: #1c2126; --soft: #5a646e; --line: #d5dae0; --paper: #ffffff; --shade: #f4f6f8; --good: #1d6b3a; --fair: #8a5a00; --bad: #a3201d;
        --tool: #35618e; --people: #c9a227; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem; overflow-wrap: break-word; color: var(--ink); background: var(--paper);
       font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
h1 { font-size: 1.35rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
#filter input { font: inherit; width: 100%; max-width: 30rem; padding: .35rem .6rem; border: 1px solid var(--line); }
[hidden] { display: none !important; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem; }
p { margin: .4rem 0; }
.soft { color: var(--soft); }
.verdict { border-left: .5rem solid; background: var(--shade); padding: 1rem; margin-bottom: 1rem; }
.verdict.is-good { border-color: var(--good); } .verdict.is-fair { border-color: var(--fair); } .verdict.is-bad { border-color: var(--bad); }
.verdict strong { display: block; font-size: 1.9rem; line-height: 1.2; margin-bottom: .3rem; }
.is-good strong, .good { color: var(--good); } .is-fair strong, .fair { color: var(--fair); } .is-bad strong, .bad { color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem .35rem 0; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
td.name { overflow-wrap: anywhere; min-width: 6.5rem; } td.long { overflow-wrap: anywhere; min-width: 9rem; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td.number, th.number { text-align: right; white-space: nowrap; }
ol, ul { margin: .3rem 0; padding-left: 1.4rem; }
svg { display: block; width: 100%; height: auto; font: 13px system-ui, "Liberation Sans", Arial, sans-serif; fill: var(--ink); }
svg .grid { stroke: var(--line); } svg .tool { fill: var(--tool); } svg .people { fill: var(--people); }
svg .gap { fill: var(--people); opacity: .25; } svg .limit { stroke: var(--bad); stroke-dasharray: 5 4; }
.bar { display: flex; height: 1.1rem; background: var(--shade); min-width: 8rem; }
.bar i { display: block; height: 100%; } .bar .enforced { background: var(--good); } .bar .monitored { background: var(--people); }
.bar .not_secured { background: var(--bad); }
.key { display: inline-block; width: .8rem; height: .8rem; margin: 0 .3rem 0 .9rem; vertical-align: -1px; }
.key:first-child { margin-left: 0; }
@media (max-width: 40rem) {
  body { padding: 1rem; font-size: 15px; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
  table.cards thead { display: none; }
  table.cards tr { display: block; border-bottom: 2px solid var(--line); padding: .4rem 0; }
  table.cards td { display: block; border: 0; padding: .1rem 0; }
  table.cards td[data-name]:not(:empty)::before { content: attr(data-name) ": "; color: var(--soft); }
  table.cards td.number { text-align: left; }
  table.cards td:empty { display: none; }
  svg { min-width: 38rem; font-size: 17px; }
  .wide { display: none; } .bar { min-width: 2rem; }
  th, th.number { white-space: normal; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h2 { break-after: avoid; } tr, svg, .verdict { break-inside: avoid; } thead { display: table-header-group; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  #filter { display: none; } .scroll { overflow-x: visible; } .matrix { font-size: 6pt; }
  .matrix th, .matrix td { padding: 1pt; } .matrix td { min-width: 0; overflow-wrap: anywhere; } .matrix tbody th { white-space: normal; min-width: 14mm; }
  @page { size: A4; margin: 15mm; }
}
"""

# A table that becomes a list of cards on a phone: columns are (key, heading, class).
_TABLE = """
{% macro table(columns, rows) %}
<div class="scroll"><table class="cards">
<thead><tr>{% for key, heading, kind in columns %}<th class="{{ kind }}">{{ heading }}</th>{% endfor %}</tr></thead>
<tbody>
{% for row in rows %}
<tr>{% for key, heading, kind in columns %}<td class="{{ kind }}" data-name="{{ heading }}">{{ row.get(key) | words }}</td>{% endfor %}</tr>
{% endfor %}
</tbody></table></div>
{% endmacro %}
"""

_HEAD = """
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'DIGEST'">
<title>{{ report.verdict }}: {{ report.run.get('title') or 'Run' }}, {{ report.run_id }}</title>
<style>STYLE</style>
</head>
<body>
<div class="verdict is-{{ tone }}">
<strong>{{ report.verdict }}</strong>
<h1>{{ report.run.get('title') or 'Run' }}</h1>
{% if report.run.get('failure') %}
<p>{{ report.run.get('failure') | truncate(400) }}</p>
{% endif %}
<p>{{ took }}. Recovery time objective: {{ objective }}.{% if report.targets.get('rpo_minutes') is not none or report.rpo %}

Recovery point objective: {{ rpo_words }}.{% endif %}</p>
{% if proofs %}
<p>{{ proofs[-1].proof }}.</p>
{% endif %}
{% if report.findings %}
<p><a href="#findings">{{ report.findings | length }} finding{{ 's' if report.findings | length > 1 }}</a>, with what to do next</p>
{% endif %}
</div>
<dl>
<dt>run</dt><dd>{{ report.run_id }}</dd>
{% for name, value in facts %}
<dt>{{ name }}</dt><dd>{{ value | words }}</dd>
{% endfor %}
<dt>time</dt><dd>{{ report.clock.start | clock }} to {{ report.clock.end | clock }}</dd>
{% if report.states %}
<dt>state of the pair</dt><dd>{{ report.states[-1].after }}, {{ report.states[-1].active }} is active (epoch {{ report.states[-1].epoch }})</dd>
{% endif %}
<dt>record</dt>
<dd>{% if report.record.chain == 'intact' %}chain of {{ report.record.events }} events intact{% else %}<b class="bad">the chain is broken</b>,
{{ report.record.events }} events before that{% endif %}, sha256 {{ report.record.head }}</dd>
</dl>
<p id="filter"></p>
"""

_FINDINGS = """
{% if report.findings %}
<h2 id="findings">Findings</h2>
<ol class="findings">
{% for finding in report.findings %}
<li><b class="{{ {'problem': 'bad', 'warning': 'fair'}.get(finding.get('severity', ''), '') }}">{{ finding.get('severity', '') }}</b>
{{ finding.get('problem', '') }}{% if finding.get('code') %} <span class="soft">({{ finding.get('code') }})</span>{% endif %}
{% if finding.get('fix') %}
<br><span class="soft">Next:</span> {{ finding.get('fix') }}
{% endif %}
</li>
{% endfor %}
</ol>
{% endif %}
{% if bad %}
<h2>Writes that failed or were skipped</h2>
{{ table([('verb', 'verb', ''), ('kind', 'kind', ''), ('name', 'name', 'name'), ('status', 'status', ''), ('error', 'error', 'long')], bad) }}
{% endif %}
{% if report.unfinished %}
<h2>Writes of unknown outcome</h2>
{{ table([('verb', 'verb', ''), ('kind', 'kind', ''), ('name', 'name', 'name'), ('site', 'site', '')], report.unfinished) }}
{% endif %}
"""

_TIMES = """
{% if timeline %}
<h2>Timeline</h2>
<div class="scroll">
<svg viewBox="0 0 1000 {{ timeline.height }}" role="img" aria-label="How long each step took; the table below has the figures">
{% for gap in timeline.gaps %}
<rect class="gap" x="{{ gap.x }}" y="0" width="{{ gap.width }}" height="{{ timeline.axis }}">
<title>nobody at work for {{ gap.seconds | duration }}</title></rect>
{% endfor %}
{% for mark in timeline.marks %}
<line class="grid" x1="{{ mark.x }}" y1="0" x2="{{ mark.x }}" y2="{{ timeline.axis }}"/>
<text x="{{ mark.x }}" y="{{ timeline.axis + 18 }}" text-anchor="{{ 'end' if mark.x > 950 else 'middle' }}">{{ mark.text }}</text>
{% endfor %}
{% for row in timeline.rows %}
<text x="0" y="{{ row.y + 20 }}">{{ row.name }}</text>
{% for bar in row.bars %}
<rect class="{{ bar.kind }}" x="{{ bar.x }}" y="{{ row.y + 6 }}" width="{{ bar.width }}" height="18">
<title>{{ row.name }}: {{ row.step.seconds | duration }}</title></rect>
{% endfor %}
{% endfor %}
{% if timeline.limit %}
<line class="limit" x1="{{ timeline.limit }}" y1="0" x2="{{ timeline.limit }}" y2="{{ timeline.axis }}"/>
{% endif %}
</svg>
</div>
<p class="soft"><i class="key" style="background: var(--tool)"></i>tools
<i class="key" style="background: var(--people)"></i>waiting for people and for what they use (pale: no run at work)
{% if timeline.limit %}<i class="key" style="background: var(--bad)"></i>recovery time objective{% endif %}</p>
{% endif %}
{% if report.steps %}
<table>
<thead><tr><th>step</th><th class="wide">begun</th><th class="number">took</th><th class="number">tools</th><th class="number">people</th>
<th class="number">target</th></tr></thead>
<tbody>
{% for step in report.steps %}
<tr><td><b>{{ step.step }}</b></td><td class="wide">{{ step.start | clock }}</td><td class="number">{{ step.seconds | duration }}</td>
<td class="number">{{ step.tool_seconds | duration }}</td><td class="number">{{ step.people_seconds | duration if step.people_seconds }}</td>
<td class="number {{ 'bad' if step.met == false }}">
{%- if step.target_minutes %}{{ (step.target_minutes * 60) | duration }}{{ ', missed' if step.met == false else ', met' }}{% endif %}</td></tr>
{% endfor %}
</tbody></table>
{% endif %}
"""

_COVERAGE = """
{% if report.coverage %}
<h2>Policy coverage of {{ report.coverage.vms }} VMs</h2>
<table>
<thead><tr><th></th><th></th><th class="number">enforced</th><th class="number">monitored</th><th class="number">not secured</th></tr></thead>
<tbody>
{% for when in ('before', 'after') %}
<tr><td>{{ when }}</td><td style="width: 40%"><div class="bar" aria-hidden="true">
{% for level, number in report.coverage[when].items() if number %}
<i class="{{ level }}" style="width: {{ 100 * number / report.coverage.vms }}%"></i>
{% endfor %}
</div></td>
{% for number in report.coverage[when].values() %}<td class="number">{{ number }}</td>{% endfor %}</tr>
{% endfor %}
</tbody></table>
{% endif %}
{% if report.workloads %}
<h2>VMs</h2>
<div class="scroll"><table class="cards">
<thead><tr><th>VM</th><th>status</th><th>secured before by</th><th>secured now by</th><th>findings</th></tr></thead>
<tbody>
{% for vm in vms %}
<tr><td class="name"><b>{{ vm.name }}</b></td><td class="{{ {'ok': 'good', 'warning': 'fair'}.get(vm.status, 'bad') }}">{{ vm.status }}</td>
<td data-name="before">{{ vm.expected | words or 'nothing' }}</td>
<td data-name="now">{{ 'as before' if vm.secured_by == vm.expected else vm.secured_by | words or 'nothing' }}</td>
<td data-name="findings">{{ vm.findings | words }}</td></tr>
{% endfor %}
</tbody></table></div>
{% endif %}
"""

_EVIDENCE = """
{% if report.gates %}
<h2>Gate</h2>
{% for gate in report.gates %}
<p><b>{{ gate.verdict | replace('_', ' ') }}</b></p>
<ul>{% for reason in gate.reasons %}<li>{{ reason }}</li>{% endfor %}</ul>
{% endfor %}
{% endif %}
{% if report.waivers %}
<h2>Waivers</h2>
<ul>{% for waiver in report.waivers %}<li><b>{{ waiver.code }}</b> {{ waiver.text }}</li>{% endfor %}</ul>
{% endif %}
{% if report.states %}
<h2>State of the pair</h2>
{{ table([('at', 'time', ''), ('told', 'what', ''), ('change', 'state', ''), ('active', 'active', ''), ('epoch', 'epoch', 'number'),
          ('taken_over', 'lock taken from', '')], states) }}
{% endif %}
{% if report.plans %}
<h2>Plans</h2>
{{ table([('step', 'step', ''), ('site', 'site', ''), ('summary', 'summary', ''), ('plan_digest', 'sha256', 'long')], report.plans) }}
{% endif %}
{% if report.checks %}
<h2>Checks</h2>
{{ table([('step', 'step', ''), ('check', 'check', ''), ('verdict', 'verdict', ''), ('counts', 'counts', '')], report.checks) }}
{% endif %}
{% if done %}
<h2>Writes</h2>
{{ table([('step', 'step', ''), ('site', 'site', ''), ('verb', 'verb', ''), ('kind', 'kind', ''), ('name', 'name', 'name'), ('task', 'task', 'long')], done) }}
{% endif %}
{% if report.notes %}
<h2>Notes</h2>
{{ table([('step', 'step', ''), ('message', 'note', '')], report.notes) }}
{% endif %}
"""

_END = """
<script>SCRIPT</script>
</body>
</html>
"""

TEMPLATE = (
    _TABLE
    + _HEAD.replace("STYLE", _STYLE + STYLE).replace("DIGEST", DIGEST)
    + _FINDINGS
    + PROOFS
    + _TIMES
    + RPO
    + _COVERAGE
    + CHECKED
    + _EVIDENCE
    + AUDIT
    + _END.replace("SCRIPT", SCRIPT)
)
