"""Installs the trainers and clients that rewards are tested with, each in an environment of its own below .peers/."""

from __future__ import annotations

import peers

TRL, SANDBOX_FUSION, VERL = "1.16.0", "0.3.7", "0.9.1"
VERIFIERS = "0.1.14"  # the last line that has rubrics
# What Assay itself needs, since its rewards run inside the trainer's process.
OWN = ("aiohttp", "certifi", "platformdirs", "rich")


def main() -> None:
    peers.install("trl", TRL, ("torch", *OWN), constrained=True)
    peers.install("verifiers", VERIFIERS, OWN)
    peers.install("sandbox-fusion", SANDBOX_FUSION)
    # All of verl is some gigabytes and another transformers; its client of SandboxFusion needs none of that.
    peers.install(
        "verl", VERL, ("--no-deps", "platformdirs", "requests", "urllib3", "idna", "certifi", "charset_normalizer")
    )


if __name__ == "__main__":
    main()
