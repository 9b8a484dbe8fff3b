"""What the sandbox must know of a language: how a program is built and started, and how to see whether it can be."""

from __future__ import annotations

from dataclasses import dataclass

from assay.sandbox.program import MIB, Limits

COMPILE_LIMITS = Limits(
    cpu_s=30.0, memory_bytes=4096 * MIB, processes=128, file_bytes=512 * MIB, files=16384, output_bytes=64 * MIB
)


@dataclass(frozen=True)
class Prepared:
    """Files made once per machine, in a jail, and then seen read-only by every later build and run.

    Used for what is the same for all programs and dear to make: a precompiled header, libraries.
    files: what the command is given. own: names of further files, which lie in the folder `files` beside this file.
    command: argv; empty where the files only have to lie there. keep: patterns of the files it leaves ("*.gch").
    """

    files: tuple[tuple[str, str], ...] = ()
    own: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class Service:
    """A compiler that stays warm in a jail and builds one program after another; it never runs one.

    command: argv that starts it. options: of the compiler, for each program, "{flags}" among them. How it is talked to
    stands in `assay.sandbox.service`. A program gets the same outcome and the same files as by the command itself.
    """

    command: tuple[str, ...]
    options: tuple[str, ...] = ()
    memory_bytes: int = 2048 * MIB


@dataclass(frozen=True)
class Compile:
    """How a program is built. It happens in a jail of its own, with limits of its own.

    command: argv. keep: patterns of the files it leaves that the run needs ("prog", "*.class").
    service: the same compiler kept warm, None where it starts quickly enough.
    header: with `Prepared` a precompiled form of this system header. It is used only for programs that include the
    header before anything else can change its meaning, so that no verdict depends on it.
    """

    command: tuple[str, ...]
    keep: tuple[str, ...]
    limits: Limits = COMPILE_LIMITS
    service: Service | None = None
    header: str = ""


@dataclass(frozen=True)
class Library:
    """A library that tests of benchmarks use and that no toolchain brings.

    package: Debian's. files: patterns; it is there where one of them matches. used: a pattern in the sources of the
    programs that need it. These, and no others, cannot be judged without it.
    """

    package: str
    files: tuple[str, ...]
    used: str


@dataclass(frozen=True)
class Language:
    """One way to run programs.

    name: as users type it. extensions: file name endings that mean it.
    command: argv before the program's own arguments; empty for Python, which runs in the warm interpreter itself. The
    first word is looked up on this machine, not in the jail.
    compile: how the program is built before, None where there is nothing to build.
    In both commands, "{entry}" stands for the entry file, "{stem}" for its path without ending, "{memory_mib}" and
    "{heap_mib}" for the memory limit and three quarters of it, "{tools}" for the folder of npm packages, "{prepared}"
    for the folder of `prepared`; the words "{sources}" (all files with one of `extensions`), "{flags}" (of the
    program) and "{preamble}" (the precompiled header, where it applies) become any number of arguments.
    programs: executables that the commands start in their turn; "{NAME}" stands for the path of one.
    needs: patterns of files and folders without which the toolchain is incomplete ("{tools}/node_modules/typescript").
    reads: patterns of files and folders beyond /usr that the toolchain reads ("/etc/java-*-openjdk").
    locate: argv that prints the folder whose bin/ holds the real executable, for version managers' wrappers.
    address_space: whether memory may be limited by address space; runtimes that reserve far more than they use need
    the cgroup or polling instead.
    out_of_memory: a pattern in what a program's runtime says on stderr when it ends it for want of memory.
    out_of_processes: likewise where it could start no further process or thread.
    proc: whether the program gets a /proc of its own. needs_proc: whether it or its compiler crashes without one, as
    they would at the level landlock, where there is none.
    environment: variables that both commands get.
    version: argv that prints the toolchain's version. install: the command that provides it, for people.
    debian, npm: packages that provide it, for `make toolchains`. libraries: what it installs besides.
    canary: a program in the folder `canaries` beside this file that shows whether the language works and is held to its
    limits (`assay.sandbox.canaries`).
    """

    name: str
    extensions: tuple[str, ...]
    command: tuple[str, ...] = ()
    compile: Compile | None = None
    prepared: Prepared | None = None
    programs: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    locate: tuple[str, ...] = ()
    address_space: bool = True
    out_of_memory: str = ""
    out_of_processes: str = ""
    proc: bool = True
    needs_proc: bool = False
    environment: tuple[tuple[str, str], ...] = ()
    version: tuple[str, ...] = ()
    install: str = ""
    debian: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()
    libraries: tuple[Library, ...] = ()
    canary: str = ""

    @property
    def packages(self) -> tuple[str, ...]:
        """All packages that provide it, Debian's and npm's."""
        return (*self.debian, *(library.package for library in self.libraries), *self.npm)
