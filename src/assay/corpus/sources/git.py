"""Git repositories: what is tracked, what it is called, which commit; never what lies in `.git`."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

_URL = re.compile(r"^\s*url\s*=\s*\S*?([^/:\s]+/[^/\s]+?)(?:\.git)?/?\s*$", re.M)
_TIMEOUT_S = 120


def is_repository(folder: Path) -> bool:
    """Whether a folder is the top of a working tree."""
    try:
        return (folder / ".git").exists()
    except OSError:
        return False


def name(root: Path) -> str:
    """ "owner/name" from the address of its origin; "" where it has none."""
    try:
        config = (root / ".git" / "config").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    origin = config.partition('[remote "origin"]')[2].partition("\n[")[0]
    found = _URL.search(origin)
    return found[1] if found else ""


def revision(root: Path) -> str:
    """The commit that is checked out, "" if there is none or no git."""
    return (run(root, "rev-parse", "HEAD") or b"").decode("ascii", "replace").strip()


def listed(root: Path) -> set[str] | None:
    """Paths that git tracks or would track; None where git cannot say, and then every file counts."""
    listing = run(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if listing is None:
        return None
    return {path.decode("utf-8", "backslashreplace") for path in listing.split(b"\0") if path}


def command(root: Path, *argv: str) -> list[str]:
    """A git command that runs no program that the repository names."""
    return ["git", "-c", "safe.directory=*", "-c", "core.fsmonitor=false", "-C", str(root), *argv]


def environment() -> dict[str, str]:
    """Without settings of the user, of the system, and without questions."""
    quiet = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    return {"PATH": os.environ.get("PATH", os.defpath)} | quiet


def run(root: Path, *argv: str) -> bytes | None:
    """What a git command prints; None if it fails."""
    try:
        done = subprocess.run(
            command(root, *argv),
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_TIMEOUT_S,
            env=environment(),
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
