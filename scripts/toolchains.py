"""Install the compilers and interpreters that the sandbox can use: `make toolchains`, or with LANGUAGES="go rust" some.

Debian's packages are installed by apt-get, if this runs as root; else the command is printed. npm's packages go into
.venv, in the versions that the languages name. What is there already is left alone, so it can be repeated at any time.
Exit status: 0 when all of it is there in the end, 1 when something is missing, 2 for a language that does not exist.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

from assay.sandbox.languages import LANGUAGES, Language
from assay.sandbox.toolchain import find, missing, missing_libraries, tools_dir


def main(names: list[str]) -> int:
    """Install the languages of these names, all if there is none."""
    unknown = set(names) - set(LANGUAGES)
    if unknown:
        print(f"toolchains: there is no language {', '.join(sorted(unknown))}. Known: {', '.join(LANGUAGES)}.")
        return 2
    languages = [LANGUAGES[name] for name in names or LANGUAGES if LANGUAGES[name].packages]
    _install_by_apt(list(dict.fromkeys(package for one in languages for package in _debian_packages(one))))
    _install_by_npm([package for one in languages for package in one.npm if not _is_there(package)])
    for found in (find, missing_libraries):
        found.cache_clear()
    return _report(languages)


def _debian_packages(language: Language) -> Iterator[str]:
    """What apt-get has to install. Programs that come from elsewhere (rustup, Node.js of its makers) count as there."""
    if missing(replace(language, needs=tuple(need for need in language.needs if "{tools}" not in need))):
        yield from language.debian
    if language.npm and shutil.which("npm") is None:
        yield "npm"
    yield from (library.package for library in missing_libraries(language))


def _install_by_apt(packages: list[str]) -> None:
    if not packages:
        return
    if shutil.which("apt-get") is None:
        print(f"toolchains: there is no apt-get here. Install what Debian calls {' '.join(packages)}.")
    elif os.geteuid() != 0:
        print("toolchains: run this, then `make toolchains` again:")
        print(f"  sudo apt-get install --no-install-recommends {' '.join(packages)}")
    else:
        print(f"toolchains: apt-get installs {' '.join(packages)}", flush=True)
        _apt_get("update")
        if not _apt_get("install", *packages):  # one that this release does not have must not keep the others out
            for package in packages:
                print(f"toolchains: apt-get installs {package}", flush=True)
                _apt_get("install", package)


def _apt_get(action: str, *packages: str) -> bool:
    quiet = ["-qq", "-y", "--no-install-recommends"] if packages else ["-qq"]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", action, *quiet, *packages], env=environment, stdout=subprocess.DEVNULL)
    return done.returncode == 0


def _install_by_npm(packages: list[str]) -> None:
    if not packages:
        return
    if shutil.which("npm") is None:
        print(f"toolchains: npm is not installed, so these are not either: {' '.join(packages)}")
        return
    folder = tools_dir()
    print(f"toolchains: npm installs {' '.join(packages)} into {folder}", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--save-exact"]
    if subprocess.run(["npm", "install", "--prefix", str(folder), *quiet, *packages]).returncode != 0:
        print("toolchains: npm install failed")


def _is_there(package: str) -> bool:
    """Whether npm's package is there in the version that is asked for ("typescript@5.9.3")."""
    name, _, version = package.rpartition("@")
    try:
        text = (tools_dir() / "node_modules" / name / "package.json").read_text()
    except OSError:
        return False
    return bool(json.loads(text)["version"] == version)


def _report(languages: list[Language]) -> int:
    status = 0
    for language in languages:
        lacking = missing(language) or " ".join(library.package for library in missing_libraries(language))
        if lacking:
            status = 1
            print(f"toolchains: {language.name} is not complete: {lacking}")
    print(f"toolchains: {len(languages)} languages looked at; `assay doctor` shows their versions")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
