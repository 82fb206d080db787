"""Where the demo plays: its directory, its simulator, and what the terminal shows; not what happens."""

from __future__ import annotations

import html
import re
import subprocess
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path

from prismsim.testing import Running
from tests.tools import dr_variables
from tests.tools.playbook import Play, play

WIDTH = 100


class Stage:
    """The demo's directory with its variables, logs and git repository; `broken` holds the promises that were not kept."""

    def __init__(self, directory: Path, simulator: Running) -> None:
        self.directory = directory.resolve()
        self.simulator = simulator
        self.broken: list[str] = []
        self._chapters = 0
        self._times: list[tuple[str, float]] = []
        (self.directory / "logs").mkdir()
        self.secrets = dr_variables.write(self.directory / "dr.yml", simulator)
        self._git("init", "--quiet", "--initial-branch", "main")
        (self.directory / ".gitignore").write_text("logs/\nprismsim/\nreports/\n")

    def chapter(self, title: str) -> None:
        """Begin a chapter."""
        self._chapters += 1
        print(f"\n{self._chapters:2}. {title}", flush=True)

    def say(self, line: str) -> None:
        """One thing that happens."""
        print(textwrap.fill(line, WIDTH, initial_indent="      ", subsequent_indent="      ", break_on_hyphens=False), flush=True)

    def play(
        self, name: str, *arguments: str, title: str, when: tuple[str, Callable[[], None]] | None = None, fails: bool = False
    ) -> Play:
        """A chapter that is one playbook, which must end well, or must fail. Raises SystemExit if it doesn't: the rest needs it."""
        self.chapter(title)
        self.say(" ".join(["$ ansible-playbook", f"nutanix_flow.dr.{name} -e @dr.yml", *arguments]))
        log = self.directory / "logs" / f"{self._chapters:02}-{name}.log"
        done = play(name, log, "-e", "@dr.yml", *arguments, directory=self.directory, variables=self.secrets, when=when)
        self._times.append((title, done.seconds))
        ended = "done" if done.code == 0 else "failed, as it must," if fails else "FAILED"
        self.say(f"{ended} after {done.seconds:.1f} s, {done.changed} tasks changed something; log {self._short(log)}")
        if bool(done.code) != fails:
            self.broken.append(f"{name} {'did not fail' if fails else 'failed'}")
            print(textwrap.indent("\n".join(done.text.splitlines()[-40:]), "    | "))
            raise SystemExit(1)
        return done

    def show(self, done: Play, task: str) -> None:
        """What a task of the playbook had to say."""
        for line in done.says(task):
            print(f"      | {line}", flush=True)

    def promise(self, text: str, kept: bool) -> None:
        """Something that must be so."""
        print(f"      {'ok' if kept else 'BROKEN'}: {text}", flush=True)
        if not kept:
            self.broken.append(text)

    def commit(self, message: str) -> None:
        """Commit baseline, site map and variables."""
        self._git("add", "--all")
        self._git("-c", "user.name=Demo", "-c", "user.email=demo@example.com", "commit", "--quiet", "--message", message)
        self.say(f"git: {self._git('log', '-1', '--format=%h %s', '--shortstat').replace(chr(10), ' ')}")

    def changed_files(self) -> list[str]:
        """What `git status` shows."""
        return [line[3:] for line in self._git("status", "--porcelain", "--untracked-files=all").splitlines()]

    def files_with(self, texts: Iterable[str]) -> list[Path]:
        """Files of the demo, other than the simulator's own, that hold one of these texts."""
        wanted = [text.encode() for text in texts]
        kept = (path for path in self.directory.rglob("*") if path.is_file() and "prismsim" not in path.relative_to(self.directory).parts)
        return [path for path in kept if any(text in path.read_bytes() for text in wanted)]

    def reports(self) -> str:
        """The text of all reports so far."""
        return "\n".join(report.read_text() for report in sorted(self.directory.glob("reports/*/report.md")))

    def page(self, verb: str) -> str:
        """What a person reads on the page of the last run of a verb, without its markup."""
        path = max(self.directory.glob(f"reports/{verb}-*/report.html"))
        body = path.read_text().partition("<body>")[2].partition("<script>")[0]
        return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())

    def summary(self, seconds: float) -> None:
        """How long each playbook took, and where the reports are."""
        print()
        for title, taken in self._times:
            print(f"  {taken:6.1f} s  {title}")
        print(f"  {seconds:6.1f} s  in all")
        for report in sorted(self.directory.glob("reports/*/report.html"), key=lambda path: path.stat().st_mtime):
            print(f"  report   {self._short(report)}")
        print(f"  baseline {self._short(self.directory / 'baseline')} (git -C {self._short(self.directory)} log -p)")

    def verdict(self) -> None:
        """Whether every promise was kept; said only when the story came to its end."""
        print("\nBROKEN: " + "; ".join(self.broken) if self.broken else "\nEvery step did what was promised.", flush=True)

    def _short(self, path: Path) -> str:
        return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)

    def _git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self.directory), *arguments], check=True, capture_output=True, text=True)
        return done.stdout.rstrip("\n")
