"""Where the toolchains of this machine lie, and what of them the jail must be able to read."""

from __future__ import annotations

import contextlib
import functools
import glob
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from assay.sandbox.cachedir import cache_dir
from assay.sandbox.languages import LANGUAGES, Language
from assay.sandbox.languages.language import Library
from assay.sandbox.program import MIB, Isolation, Limits, Program
from assay.sandbox.rootfs import SYSTEM

_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_LOCATE_PATIENCE_S = 10.0


class ToolchainMissing(Exception):
    """A program of the toolchain is not on this machine, or lies where a jail must not look. The message says which.

    install: the command that provides it, "" for the language's own.
    """

    def __init__(self, message: str, install: str = "") -> None:
        super().__init__(message)
        self.install = install


def tools_dir() -> Path:
    """The folder of npm packages: $ASSAY_TOOLCHAINS, or one inside this Python's own environment."""
    chosen = os.environ.get("ASSAY_TOOLCHAINS")
    return Path(chosen) if chosen else Path(sys.prefix) / "share" / "assay" / "toolchains"


@functools.cache
def find(word: str, locate: tuple[str, ...] = ()) -> str:
    """The full path of an executable. The system's own come first, since every jail can read those.

    locate: argv that prints the folder whose bin/ holds the real executable, for version managers' wrappers.
    Raises ToolchainMissing.
    """
    found = shutil.which(word, path=_SYSTEM_PATH)
    if found:
        return found
    found = shutil.which(word)
    if found is None:
        raise ToolchainMissing(f"{word} is not installed")
    if locate:
        try:
            said = subprocess.run(locate, capture_output=True, timeout=_LOCATE_PATIENCE_S, check=True).stdout
        except (OSError, subprocess.SubprocessError) as error:
            raise ToolchainMissing(f"{found} does not work ({error})") from None
        found = str(Path(said.decode().strip()) / "bin" / word)
    found = os.path.realpath(found)
    _root_of(found)
    return found


def _root_of(executable: str) -> str:
    """The folder that must be readable for an executable to work; "" where every jail has it.

    Raises ToolchainMissing where that folder would show the jail a home folder.
    """
    if executable.startswith(tuple(f"{each}/" for each in SYSTEM)):
        return ""
    root = Path(executable).parent.parent
    home = Path.home()
    if root in (home, home / ".local", *home.parents):
        raise ToolchainMissing(f"{executable} lies in a folder with private files, which no jail may see")
    return str(root)


@dataclass(frozen=True)
class View:
    """Folders of this machine that a jail sees beyond the system's, and under which paths.

    tools: npm packages. prepared: files made once per machine. Both as the jail names them.
    shown: (folder of this machine, path in the jail), all read-only.
    """

    tools: str
    prepared: str
    shown: tuple[tuple[str, str], ...]

    def on_this_machine(self, path: str) -> str:
        """The path outside of a file inside."""
        for outside, inside in self.shown:
            if path.startswith(f"{inside}/"):
                return outside + path[len(inside) :]
        return path


@functools.cache
def view(own_root: bool) -> View:
    """What a jail is shown. own_root: it has a root of its own, where folders can be given any path.

    That a private /tmp hides the host's does no harm then.
    """
    outside = (str(tools_dir()), str(prepared_dir()))
    inside = ("/opt/assay/tools", "/opt/assay/prepared") if own_root else outside
    shown = [pair for pair in zip(outside, inside, strict=True) if Path(pair[0]).is_dir()]
    for language in LANGUAGES.values():
        for command in _commands(language):
            try:
                root = _root_of(find(command[0], language.locate))
            except ToolchainMissing:
                continue
            if root:
                shown.append((root, root))
        shown += [(path, path) for pattern in language.reads for path in sorted(glob.glob(pattern))]
    return View(*inside, tuple(dict.fromkeys(shown)))


@functools.cache
def prepared_dir() -> Path:
    """Where prepared files lie. Made here, since a jail can only be given a folder that exists when it starts."""
    folder = cache_dir("prepared")
    if os.geteuid() == 0 and "ASSAY_CACHE" not in os.environ and not _is_open_to_all(folder.parent):
        folder = Path("/var/cache/assay/prepared")  # without namespaces, jailed programs of root have another uid
    with contextlib.suppress(OSError):  # then nothing is prepared, which costs time only
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _is_open_to_all(path: Path) -> bool:
    """Whether every user can reach a path; what does not exist yet does not count."""
    return all(each.stat().st_mode & 0o001 for each in (path, *path.parents) if each.is_dir())


def _commands(language: Language) -> list[tuple[str, ...]]:
    """The commands of a language that start with a program of its toolchain."""
    every = (language.command, language.compile.command if language.compile else (), *zip(language.programs))
    return [command for command in every if command and not command[0].startswith(("./", "{"))]


def missing(language: Language) -> str:
    """What of a toolchain is missing, "" where it is complete."""
    try:
        for command in _commands(language):
            find(command[0], language.locate)
    except ToolchainMissing as error:
        return str(error)
    for path in needed(language):
        if not glob.glob(path):
            return f"{path} is not there"
    return ""


@functools.cache
def missing_libraries(language: Language) -> tuple[Library, ...]:
    """Those of `Language.libraries` that are not on this machine."""
    return tuple(one for one in language.libraries if not any(glob.glob(pattern) for pattern in one.files))


def incomplete(language: Language) -> str:
    """What is missing of a toolchain or of the libraries that benchmarks use, "" where nothing is."""
    return missing(language) or ", ".join(library.package for library in missing_libraries(language))


def missing_library(language: Language, files: dict[str, bytes]) -> str:
    """The package of a library that these sources use and that is missing, "" where there is none such."""
    for library in missing_libraries(language):
        if any(re.search(library.used.encode(), text) for text in files.values()):
            return library.package
    return ""


def needed(language: Language) -> list[str]:
    """The paths of what stands in `Language.needs`."""
    return [need.replace("{tools}", str(tools_dir())) for need in language.needs]


def unusable(language: Language, isolation: Isolation) -> str:
    """Why an installed language cannot run under this isolation, "" where it can."""
    if language.needs_proc and isolation.level == "landlock":
        return f"{language.name} needs /proc, and at the isolation level landlock there is none for it"
    if isolation.level == "landlock" and "uid" in isolation.layers:
        closed = next((path for path in needed(language) if not _is_open_to_all(Path(path).parent)), "")
        if closed:
            return f"{closed} lies in a folder that is closed to other users, such as programs in the jail"
    return ""


def arguments(
    language: Language,
    command: tuple[str, ...],
    program: Program,
    limits: Limits,
    view: View,
    *,
    prepared: str = "",
    preamble: tuple[str, ...] = (),
) -> list[str]:
    """The command line for a program, with everything that `Language` describes filled in. Raises ToolchainMissing."""
    sources = tuple(name for name in program.files if name.endswith(language.extensions))
    lists = {"{sources}": sources, "{flags}": program.flags, "{preamble}": preamble}
    stem = os.path.splitext(program.entry)[0]
    values = {
        "{entry}": program.entry,
        "{stem}": stem,
        "{memory_mib}": str(limits.memory_bytes // MIB),
        "{heap_mib}": str(limits.memory_bytes * 3 // 4 // MIB),
        "{tools}": view.tools,
        "{prepared}": prepared,
        **{f"{{{name}}}": find(name, language.locate) for name in language.programs},
    }
    words: list[str] = []
    for word in command:
        if word in lists:
            words += lists[word]
            continue
        for name, value in values.items():
            word = word.replace(name, value)
        words.append(word)
    if not words[0].startswith(("./", "/")):
        words[0] = find(words[0], language.locate)
    return words
