"""`assay` as a process, with the fake judge; $ASSAY_TEST_FSIZE limits how large a file may grow (a full disk)."""

import os
import resource
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "evaluation"))

import assay.judge.pool
import fakes
from assay.cli.main import main

assay.judge.pool.JudgePool = fakes.FakePool  # type: ignore[misc, assignment]
if limit := int(os.environ.get("ASSAY_TEST_FSIZE", "0")):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
sys.exit(main())
