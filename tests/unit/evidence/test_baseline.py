# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A baseline is the same bytes for the same content, and says everything that was done to it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from ansible_collections.nutanix_flow.dr.plugins.module_utils._errors import InvalidInput
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence import baseline as under_test
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.baseline import Content, read_baseline, write_baseline
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.compare import compare, counts
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.file_names import file_names
from ansible_collections.nutanix_flow.dr.plugins.module_utils._evidence.signature import sign, verify
from ansible_collections.nutanix_flow.dr.plugins.module_utils._model.directory import Reference
from tests.unit.engine.kinds import ENTITIES, group, rule

OBJECTS = {
    "address_group": [group("branches", "10.1.0.0/16"), group("Branches", "10.2.0.0/16")],
    "security_rule": [rule("shop", "branches"), rule("bank", vpcs=["prod"])],
    "category": [{"key": "AppType", "value": "Web"}],
}
CONTENT = Content(OBJECTS, system=frozenset({Reference("category", "AppType/Web")}), source={"site": "north"}, membership={"vms": []})
NEWER = '{"schema": "nutanix_flow.dr/baseline", "schema_version": 9}'


def export(path: Path, content: Content = CONTENT) -> under_test.Written:
    return write_baseline(str(path), content, ENTITIES)


def everything(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def findings(path: Path) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        read_baseline(str(path), ENTITIES)
    return [str(finding).replace(str(path) + os.sep, "") for finding in error.value.findings]


def test_what_is_read_is_what_was_written(tmp_path):
    written = export(tmp_path)
    found = read_baseline(str(tmp_path), ENTITIES)
    assert {status: number for status, number in counts(compare(ENTITIES, OBJECTS, found.content.objects)).items() if number} == {"equal": 5}
    assert found.content.system == CONTENT.system
    assert found.digest == written.digest
    assert written.changed


def test_a_second_export_without_a_change_writes_nothing_whatever_the_order(tmp_path):
    first = export(tmp_path)
    before = everything(tmp_path)
    again = export(tmp_path, CONTENT._replace(objects={kind: objects[::-1] for kind, objects in reversed(OBJECTS.items())}))
    assert again == (False, first.digest, ())
    assert everything(tmp_path) == before


def test_names_that_differ_only_in_case_get_files_of_their_own(tmp_path):
    export(tmp_path)
    files = [file.name.lower() for file in (tmp_path / "address_groups").iterdir()]
    assert len(set(files)) == 2


@pytest.mark.parametrize("names", [["a/b.c", "a.b/c"], ["A", "a"], ["con", ".hidden", "x" * 300, "x" * 301], ["ü", "ö", "-rf"], ["a b", "a_b"]])
def test_file_names_never_meet_and_are_safe_everywhere(names):
    files = list(file_names(names).values())
    assert len({file.lower() for file in files}) == len(names)
    assert all(file.isascii() and len(file) < 140 and file[0] not in ".-" and file.lower() != "con.yml" for file in files)
    assert list(file_names(names[::-1]).values()) == files[::-1]


def test_a_dry_export_tells_the_same_and_writes_nothing(tmp_path):
    dry = write_baseline(str(tmp_path / "new"), CONTENT, ENTITIES, dry=True)
    assert not (tmp_path / "new").exists()
    assert dry == export(tmp_path / "new")


def test_an_object_that_went_away_is_remembered_as_retired_and_its_file_is_gone(tmp_path):
    first = export(tmp_path)
    fewer = {**OBJECTS, "security_rule": OBJECTS["security_rule"][:1], "category": []}
    export(tmp_path, CONTENT._replace(objects=fewer))
    found = read_baseline(str(tmp_path), ENTITIES)
    assert found.retired == {Reference("security_rule", "bank")}, "what is system-defined was never ours to remove"
    assert found.manifest.parent == first.digest
    assert not (tmp_path / "security_rules" / "bank.yml").exists()
    export(tmp_path)
    assert read_baseline(str(tmp_path), ENTITIES).retired == set(), "back again"


def test_a_moved_vm_or_an_upgraded_source_is_no_change_of_policy(tmp_path):
    first = export(tmp_path)
    moved = export(tmp_path, CONTENT._replace(membership={"vms": [{"name": "web-1"}]}, source={"site": "north", "version": "pc.7.6"}))
    assert moved == (False, first.digest, ("manifest.json", "membership.yml"))
    assert read_baseline(str(tmp_path), ENTITIES).content.membership == {"vms": [{"name": "web-1"}]}


def damage_byte(path: Path) -> None:
    (path / "security_rules/shop.yml").write_text((path / "security_rules/shop.yml").read_text().replace("save", "same"))


def damage_yaml(path: Path) -> None:
    (path / "security_rules/shop.yml").write_text("name: shop\nmode: [save\n")


def damage_manifest(path: Path) -> None:
    (path / "manifest.json").write_text((path / "manifest.json").read_text().replace("10.1.0.0", "10.3.0.0").replace("shop", "shoq"))


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (damage_byte, "security_rules/shop.yml: was changed after the export"),
        (lambda path: (path / "security_rules/shop.yml").unlink(), "security_rules/shop.yml: is missing"),
        (lambda path: (path / "security_rules/more.yml").write_text("name: more\n"), "security_rules/more.yml: is not in the manifest"),
        (damage_yaml, "security_rules/shop.yml:3: is no YAML"),
        (lambda path: (path / "security_rules/shop.yml").write_bytes(b"\xff"), "security_rules/shop.yml: is no UTF-8"),
        (damage_manifest, "manifest.json: was changed after the export"),
        (lambda path: (path / "manifest.json").unlink(), "manifest.json: is missing"),
        (lambda path: (path / "manifest.json").write_text('{"schema":\n oops'), "manifest.json:2: is no JSON"),
        (lambda path: (path / "manifest.json").write_text(NEWER), "manifest.json: schema_version 9 is unknown"),
        (lambda path: (path / "membership.yml").write_text("vms: [x]\n"), "membership.yml: was changed"),
        (lambda path: (path / "membership.yml").unlink(), "membership.yml: is missing"),
        (lambda path: (path / ".export-in-progress").write_text(""), ".export-in-progress: an export was interrupted"),
    ],
)
def test_damage_is_told_with_its_file(tmp_path, damage, expected):
    export(tmp_path)
    damage(tmp_path)
    assert any(text.startswith(expected) for text in findings(tmp_path)), findings(tmp_path)


def test_all_damages_are_told_at_once(tmp_path):
    export(tmp_path)
    damage_byte(tmp_path)
    (tmp_path / "security_rules/bank.yml").unlink()
    (tmp_path / "address_groups/extra.yml").write_text("x: 1\n")
    assert len(findings(tmp_path)) >= 3


@pytest.mark.parametrize("killed_at", range(1, 9))
def test_a_killed_export_leaves_the_old_or_a_detectable_state_and_the_next_one_heals_it(tmp_path, monkeypatch, killed_at):
    target = tmp_path / "baseline"
    export(target)
    changed = CONTENT._replace(objects={**OBJECTS, "security_rule": [rule("shop", mode="enforce"), rule("new")]})
    calls = iter(range(1, 100))

    class Killed(BaseException):
        pass

    def mortal(real):
        def call(*args):
            if next(calls) == killed_at:
                raise Killed
            return real(*args)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(under_test, "replace_file", mortal(under_test.replace_file))
        patch.setattr(under_test, "remove_file", mortal(under_test.remove_file))
        try:
            export(target, changed)
        except Killed:
            assert killed_at <= 7
            if killed_at > 1:
                assert any("interrupted" in text for text in findings(target))
            else:
                read_baseline(str(target), ENTITIES)
    export(target, changed)
    clean = tmp_path / "clean"
    export(clean)
    export(clean, changed)
    assert everything(target) == everything(clean)


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")
def test_a_signature_is_verified_and_tampering_with_the_manifest_breaks_it(tmp_path):
    def command(arguments, stdin):
        done = subprocess.run(arguments, input=stdin, capture_output=True, check=False)
        return done.returncode == 0, (done.stdout or done.stderr).decode().strip()

    def key(name: str) -> str:
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)], check=True)
        return str(tmp_path / name)

    ours, theirs, allowed, path = key("ours"), key("theirs"), str(tmp_path / "allowed"), str(tmp_path / "b")
    Path(allowed).write_text("ops@example.com " + Path(ours + ".pub").read_text())
    export(tmp_path / "b")
    with pytest.raises(InvalidInput, match="isn't signed"):
        verify(path, allowed, command)
    assert sign(path, ours, command)
    assert not sign(path, ours, command), "nothing to do"
    assert verify(path, allowed, command) == "ops@example.com"
    export(tmp_path / "b", CONTENT._replace(objects={**OBJECTS, "category": []}))
    with pytest.raises(InvalidInput, match="isn't signed"):
        verify(path, allowed, command)
    assert sign(path, theirs, command)
    with pytest.raises(InvalidInput, match="not the signature of an allowed signer"):
        verify(path, allowed, command)
    assert sign(path, ours, command)
    manifest = tmp_path / "b" / "manifest.json"
    manifest.write_text(manifest.read_text() + " ")
    with pytest.raises(InvalidInput, match="not the signature"):
        verify(path, allowed, command)
