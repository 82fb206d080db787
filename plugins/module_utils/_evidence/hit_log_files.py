# Copyright: (c) 2026, nutanix_flow.dr contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of hit logs as streams of lines: plain or gzip, single or in directories, in constant memory. Knows nothing of what a line says."""

from __future__ import annotations

import codecs
import gzip
import hashlib
import os
import typing as t
import zlib

from .._errors import Finding, InvalidInput

PLAIN, GZIP = "plain", "gzip"
LONGEST = 1 << 16
"""Characters. What is longer is no line of a log: its beginning is given, the rest is skipped."""
_BLOCK = 1 << 18
_GZIP = b"\x1f\x8b"
_OTHERS = {b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"PK\x03\x04": "zip"}


class LogFile:
    """One file, whose lines can be read once. ``same_as`` is another file with the same content, empty if there is none.

    After reading, ``lines`` is how many there were, and ``damage`` says why reading ended too early, or is empty.
    """

    def __init__(self, path: str, form: str, digest: str, same_as: str = "") -> None:
        self.path, self.form, self.digest, self.same_as = path, form, digest, same_as
        self.lines = 0
        self.damage = ""

    def read(self) -> t.Iterator[str]:
        """Each line without its end, be it of Unix or Windows."""
        try:
            opener: t.Any = gzip.open if self.form == GZIP else open
            with opener(self.path, "rb") as stream:
                for line in _split(stream):
                    self.lines += 1
                    yield line
        except EOFError:
            self.damage = "the compressed file ends in the middle: it was cut, or is still being written"
        except (gzip.BadGzipFile, zlib.error) as error:
            self.damage = f"the compressed file is damaged: {error}"
        except OSError as error:
            self.damage = f"reading it failed: {error.strerror or error}"


def log_files(paths: t.Sequence[str]) -> list[LogFile]:
    """The files that are named or lie below the directories that are named, by path.

    Raises InvalidInput with everything that is missing, empty of files, unreadable, or compressed in another way.
    """
    wrong: list[Finding] = []
    found: dict[str, LogFile] = {}
    by_digest: dict[str, str] = {}
    for path in paths:
        inside = _below(path) if os.path.isdir(path) else [path]
        if not inside:
            wrong.append(Finding(path, "has no files", "name the directory in which the hit logs are"))
        for one in inside:
            real = os.path.realpath(one)
            if real in found:
                continue
            try:
                form, digest = _look(real)
            except OSError as error:
                wrong.append(Finding(one, f"can't be read: {error.strerror or error}", "correct the path, or its permissions"))
                continue
            if form in _OTHERS.values():
                wrong.append(Finding(one, f"is compressed with {form}", "decompress it, or compress it with gzip"))
                continue
            found[real] = LogFile(one, form, digest, by_digest.get(digest, ""))
            by_digest.setdefault(digest, one)
    if wrong:
        raise InvalidInput(wrong, verb="read", kind="hit_log")
    return list(found.values())


def _below(directory: str) -> list[str]:
    return sorted(
        os.path.join(place, name) for place, _directories, names in os.walk(directory) for name in names if not name.startswith(".")
    )


def _look(path: str) -> tuple[str, str]:
    """How a file is compressed, and the sha256 of what it holds."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        first = block = stream.read(_BLOCK)
        while block:
            digest.update(block)
            block = stream.read(_BLOCK)
    other = next((name for magic, name in _OTHERS.items() if first.startswith(magic)), "")
    return other or (GZIP if first.startswith(_GZIP) else PLAIN), digest.hexdigest()


def _split(stream: t.Any) -> t.Iterator[str]:
    rest, skipping = "", False
    for block in _text(stream):
        first, *others = block.split("\n")
        if others:
            if not skipping:
                yield (rest + first)[:LONGEST]
            yield from others[:-1]
            rest, skipping = others[-1], False
        elif not skipping:
            rest += first
        if len(rest) > LONGEST:
            yield rest[:LONGEST]
            rest, skipping = "", True
    if rest and not skipping:
        yield rest


def _text(stream: t.Any) -> t.Iterator[str]:
    """What one read gives at a time, so that nothing is lost of what stands before a damage."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a byte that is no UTF-8 damages its line at most
    while block := stream.read1(_BLOCK):
        yield decoder.decode(block.replace(b"\r", b""))
    yield decoder.decode(b"", True)
