"""Installs the trainers and clients that rewards are tested with, each in an environment of its own below .peers/."""

from __future__ import annotations

import peers

TRL = "1.16.0"
# What Assay itself needs, since its rewards run inside the trainer's process.
OWN = ("httpx", "platformdirs", "rich")


def main() -> None:
    peers.install("trl", TRL, ("torch", *OWN), constrained=True)


if __name__ == "__main__":
    main()
