"""HumanEvalPack in Python: the function's body continues its declaration; asserts decide."""

from __future__ import annotations

from assay.judge.checks import Check, ScriptCheck, StubCheck
from assay.sandbox.program import Limits
from assay.tasks.humanevalpack.language import Language, Row

LIMITS = Limits(cpu_s=10.0)
# Upstream's block of imports without numpy, which the jail does not have.
PREAMBLE = """\
import math
import re
import sys
import copy
import datetime
import itertools
import collections
import heapq
import statistics
import functools
import hashlib
import string
from typing import *
from collections import *
"""


def checks(row: Row) -> dict[str, Check]:
    """Upstream's join, and the same tests outside the jail; helpers that they call (32, 38, 50) are the reference's."""
    context = f"{PREAMBLE}{row['prompt']}{row['canonical_solution']}"
    return {
        "official": ScriptCheck(f"\n{row['test']}", LIMITS),
        "hardened": StubCheck(context, row["test"], (row["entry_point"],), LIMITS),
    }


LANGUAGE = Language(
    name="python",
    title="Python",
    folder="python",
    sha256="b1376d72be4bd016a62ad043d9de3846edb8d63edf1222da802a31330c14c3a7",
    id_prefix="Python/",
    checks=checks,
    stops=("\nclass", "\ndef", "\n#", "\n@", "\nprint", "\nif", "\nassert"),
    preamble=PREAMBLE,
)
