#!/bin/sh
# Make .venv and install Assay into it: `sh scripts/setup.sh` for users, `sh scripts/setup.sh dev` with the test tools.
# Called by the Makefile. Everything is pinned by constraints.txt, the build backend too. PYTHON=... chooses the Python.
set -eu
cd "$(dirname "$0")/.."

extra=${1:+"[$1]"}
python=.venv/bin/python
ours='import sys; sys.exit(sys.version_info < (3, 11))'
tested='import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'
complete='import ensurepip, venv'

# The first that starts and is new enough: what you call python3 if Assay is tested with it, then newer before older,
# then whatever python3 is. Wrappers of version managers exist without working, so each is really started.
find_python() {
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c "$tested" 2>/dev/null && "$candidate" -c "$complete" 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    for candidate in python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c "$ours" 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "setup: no Python 3.11 or newer was found. Install one (Debian, Ubuntu: apt-get install python3 python3-venv)" \
        "or name it: make PYTHON=/path/to/python" >&2
    return 1
}

if ! "$python" -c "$ours" 2>/dev/null || ! "$python" -m pip --version >/dev/null 2>&1; then
    base=${PYTHON:-$(find_python)}
    if ! "$base" -c "$ours"; then
        echo "setup: $base is not a Python of version 3.11 or newer. Name another one: make PYTHON=/path/to/python" >&2
        exit 1
    fi
    if ! "$base" -c "$complete" 2>/dev/null; then
        version=$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "setup: $base cannot make virtual environments, because its package of them is not installed." \
            "Run: apt-get install python3-venv (or python$version-venv), then repeat this command." >&2
        exit 1
    fi
    echo "setup: making .venv with $base"
    rm -rf .venv
    "$base" -m venv .venv
fi

install() {
    "$python" -m pip --disable-pip-version-check --no-input install --quiet -c constraints.txt "$@"
}

echo "setup: installing assay$extra and what it needs into .venv"
# The build backend goes in first, so that it is pinned like everything else and no second environment is needed.
install hatchling editables
install --no-build-isolation --editable ".$extra"
# pip compiles what it installs, but not what stays where it is. Where the environment says PYTHONDONTWRITEBYTECODE, as
# many images for containers do, every process of Assay would compile all its modules anew: half of what a start costs.
"$python" -m compileall -q src || true
