"""What the sandbox must know of a language: how a program is started, and how to see whether it can be."""

from __future__ import annotations

import shutil
from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """One way to run programs.

    name: as users type it. extensions: file name endings that mean it.
    command: argv before the program's own arguments, "{entry}" standing for the file; empty for Python, which runs in
    the warm interpreter itself. The first word is looked up on this machine's PATH, not in the jail.
    address_space: whether memory may be limited by address space; runtimes that reserve far more than they use need
    the cgroup or polling instead.
    proc: whether the program gets a /proc of its own.
    version: argv that prints the toolchain's version. install: what provides it on Debian, for people.
    """

    name: str
    extensions: tuple[str, ...]
    command: tuple[str, ...] = ()
    address_space: bool = True
    proc: bool = True
    version: tuple[str, ...] = ()
    install: str = ""

    def argv(self, entry: str, arguments: tuple[str, ...]) -> list[str] | None:
        """The command line for a program, or None where the toolchain is missing."""
        words = [word.replace("{entry}", entry) for word in self.command]
        if words and not words[0].startswith("./"):
            found = shutil.which(words[0])
            if found is None:
                return None
            words[0] = found
        return [*words, *arguments]
