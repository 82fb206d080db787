# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether VMs carry the categories and are secured by the rules that they had before they moved. Pure."""

from __future__ import annotations

import typing as t

from .._model.form_categories import category_names, from_category_names

OK, WARNING, PROBLEM = "ok", "warning", "problem"
_SEVERITY = (OK, WARNING, PROBLEM)

Vm = t.Mapping[str, t.Any]


class Secured(t.NamedTuple):
    """A rule on a VM: its mode and on how many network interfaces it acts."""

    mode: str
    nics: int


class Expected(t.NamedTuple):
    """One VM as it was, in the words of the site where it is now. ``now``: its id there where that is known, else it is known by its name."""

    name: str
    categories: frozenset[str]
    rules: t.Mapping[str, Secured]
    power: str = ""
    now: str = ""


class Finding(t.NamedTuple):
    vm: str
    severity: str
    code: str
    problem: str


class VmResult(t.NamedTuple):
    """``missing`` and ``findings`` are empty when all is as before."""

    name: str
    there: bool
    rules: t.Mapping[str, Secured]
    missing: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def status(self) -> str:
        return worst(self.findings)


def worst(findings: t.Iterable[Finding]) -> str:
    """The worst severity of findings, ok without any."""
    return max((finding.severity for finding in findings), key=_SEVERITY.index, default=OK)


def check_coverage(expected: t.Sequence[Expected], vms: t.Sequence[Vm], secured: t.Mapping[str, t.Mapping[str, Secured]]) -> list[VmResult]:
    """A result for every expected VM. ``vms`` as ``inventory.vms`` gives them, ``secured`` by VM name."""
    by_name: dict[str, list[Vm]] = {}
    for vm in vms:
        by_name.setdefault(str(vm["name"]), []).append(vm)
    by_id = {str(vm["ext_id"]): [vm] for vm in vms if vm.get("ext_id")}
    found = [by_id.get(wanted.now, []) if wanted.now else by_name.get(wanted.name, []) for wanted in expected]
    return [_one(wanted, here, secured.get(str(here[0]["name"]), {}) if here else {}) for wanted, here in zip(expected, found, strict=True)]


def without_namesakes(expected: t.Iterable[Expected], vms: t.Sequence[Vm]) -> list[Vm]:
    """The VMs without those that only have the name of an expected one whose id is known."""
    ids = {wanted.now for wanted in expected if wanted.now}
    names = {str(vm["name"]) for vm in vms if vm.get("ext_id") in ids}
    return [vm for vm in vms if vm["name"] not in names or vm.get("ext_id") in ids]


def repair(results: t.Iterable[VmResult]) -> list[dict[str, t.Any]]:
    """What is missing, as vm_categories takes it."""
    return [{"name": result.name, "categories": from_category_names(result.missing)} for result in results if result.missing]


def _one(wanted: Expected, vms: t.Sequence[Vm], rules: t.Mapping[str, Secured]) -> VmResult:
    def finding(severity: str, code: str, problem: str) -> Finding:
        return Finding(wanted.name, severity, code, problem)

    if not vms:
        return VmResult(wanted.name, False, {}, (), (finding(PROBLEM, "VM_MISSING", "is not on the site"),))
    if len(vms) > 1:
        return VmResult(wanted.name, True, {}, (), (finding(PROBLEM, "VM_TWICE", f"{len(vms)} VMs have this name"),))
    has = set(_names(vms[0]))
    missing = tuple(sorted(wanted.categories - has))
    findings = [finding(PROBLEM, "CATEGORY_MISSING", f"lacks {name}") for name in missing]
    findings += [finding(WARNING, "CATEGORY_EXTRA", f"has {name}, which it had not before") for name in sorted(has - wanted.categories)]
    for rule, before in sorted(wanted.rules.items()):
        findings += [finding(*told) for told in _rule(rule, before, rules.get(rule))]
    findings += [
        finding(WARNING, "RULE_EXTRA", f"is secured by {rule}, which did not secure it before") for rule in sorted(set(rules) - set(wanted.rules))
    ]
    if wanted.power == "on" and vms[0].get("power") != "on":
        findings.append(finding(WARNING, "NOT_RUNNING", f"was on before and is {vms[0].get('power') or 'in an unknown state'}"))
    return VmResult(wanted.name, True, rules, missing, tuple(findings))


def _rule(rule: str, before: Secured, now: Secured | None) -> t.Iterator[tuple[str, str, str]]:
    if now is None:
        yield PROBLEM, "NOT_SECURED", f"is not secured by {rule} any more"
        return
    if before.mode == "enforce" and now.mode != "enforce":
        yield PROBLEM, "NOT_ENFORCED", f"{rule} does not enforce here, its mode is {now.mode}"
    if now.nics < before.nics:
        yield PROBLEM, "NIC_NOT_SECURED", f"{rule} secures {now.nics} of its network interfaces, before it were {before.nics}"


def _names(vm: Vm) -> list[str]:
    categories = vm.get("categories") or []
    return category_names(categories) if isinstance(categories, t.Mapping) else list(categories)
