"""Installs what GGUF files are tested with, below .peers/: llama.cpp as a library, and the source of its converter."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import peers

LLAMA_CPP = "2026.10.11549"  # of xllamacpp: wheels of llama.cpp for the CPU
BINDINGS = "0.3.36"  # of llama-cpp-python, whose source package holds llama.cpp's own source
NEEDED = ("convert_hf_to_gguf.py", "conversion", "gguf-py", "models/ggml-vocab-qwen2.gguf")
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


def main() -> None:
    peers.install("xllamacpp", LLAMA_CPP)
    home = peers.HOME / "llama.cpp"
    shutil.rmtree(home, ignore_errors=True)
    print(f"fetching llama.cpp's converter into {home.relative_to(peers.ROOT)} ...", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        source = f"llama-cpp-python=={BINDINGS}"
        _run(*PIP, "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", folder, source)
        (packed,) = Path(folder).glob("*.tar.gz")
        with tarfile.open(packed) as archive:
            inside = f"{packed.name.removesuffix('.tar.gz')}/vendor/llama.cpp/"
            wanted = [each for each in archive if each.name.removeprefix(inside).startswith(NEEDED)]
            archive.extractall(folder, wanted, filter="data")
        shutil.move(Path(folder) / inside, home)
    _run(*PIP, "install", "--quiet", "--no-deps", "--target", str(home / "site"), "sentencepiece==0.2.3")


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[3:])} failed:\n{done.stderr[-2000:]}")


if __name__ == "__main__":
    main()
