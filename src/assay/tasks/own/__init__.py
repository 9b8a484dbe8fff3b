"""Your own tasks: a folder of folders, each with a `task.toml`, tests and a reference solution, is a benchmark.

`docs/your-own-tasks.md` is the manual.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from assay.errors import AssayError
from assay.sandbox.languages import LANGUAGES as RUNNABLE
from assay.tasks.humaneval import STOPS
from assay.tasks.languages import LANGUAGES, canonical_language
from assay.tasks.own.checks import extension, make_checks, python_source
from assay.tasks.own.manifest import NAME, Manifest
from assay.tasks.sources import Source
from assay.tasks.syntax import bound_names
from assay.tasks.task import Benchmark, Task
from assay.tasks.whole_programs import commented, question

KIND = "own"
_MOST_HASHED = 1 << 30


def is_folder_spec(spec: str) -> bool:
    """Whether a user means a folder of tasks: no benchmark's name begins with a dot or holds a slash."""
    return spec.startswith((".", "~")) or "/" in spec


def source(spec: str) -> Source:
    """What is known of a folder without loading its tasks."""
    return Source(
        name=spec, file="", url="", origin="your own", tasks=len(task_folders(_path(spec))), licence="", kind=KIND
    )


def load(spec: str) -> Benchmark:
    """Load a folder of tasks, or the folder of a single one.

    Raises AssayError, naming file and line or key, for whatever is missing or wrong.
    """
    root = _path(spec)
    folders = task_folders(root)
    tasks: list[Task] = []
    seen: dict[str, Path] = {}
    read: dict[Path, set[Path]] = {}
    for folder in folders:
        manifest = Manifest(folder)
        task = _task(manifest)
        read[folder] = manifest.read
        if task.task_id in seen:
            raise AssayError(f"{folder / NAME} and {seen[task.task_id] / NAME} both have the id {task.task_id!r}.")
        seen[task.task_id] = folder
        tasks.append(task)
    return Benchmark(spec.rstrip("/") or "/", tuple(tasks), _sha256(root, read), str(root.resolve()))


def _path(spec: str) -> Path:
    return Path(spec).expanduser()


def task_folders(root: Path) -> list[Path]:
    """The folders of the tasks in `root`, by name; `root` itself where it is one. Raises AssayError."""
    if not root.is_dir():
        raise AssayError(
            f"There is no folder {root}. A benchmark of your own is a folder of folders with a {NAME} each."
        )
    if (root / NAME).exists():
        return [root]
    inner = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))
    for folder in inner:
        if not (folder / NAME).exists():
            raise AssayError(f"{folder} has no {NAME}. Add one, or begin the folder's name with _ if it is no task.")
    if not inner:
        raise AssayError(
            f"{root} holds no task: neither a {NAME} nor folders that have one. Make one: assay tasks init {root}"
        )
    return inner


def load_task(folder: Path) -> Task:
    """The task in a folder. Raises AssayError."""
    return _task(Manifest(folder))


def _task(manifest: Manifest) -> Task:
    language = _language(manifest)
    entry_points = manifest.texts("entry_point")
    checks = make_checks(manifest, language, entry_points)
    prompt, is_code = _prompt(manifest), manifest.flag("prompt_is_code")
    words = question(prompt.strip(), language) if manifest.kind == "stdio" else prompt.strip()
    default_stops = STOPS if is_code and language == "python" else ()
    return Task(
        task_id=manifest.text("id", manifest.folder.resolve().name),
        prompt=prompt if is_code else commented(prompt.strip(), language),
        entry_point=entry_points[0] if entry_points else "",
        reference=_reference(manifest, language, entry_points),
        checks=checks,
        join_prompt=is_code,
        stops=manifest.texts("stops") or default_stops,
        language=language,
        any_language=manifest.kind == "stdio" and manifest.flag("any_language"),
        instruction="" if is_code else words,
    )


def _language(manifest: Manifest) -> str:
    spelled = manifest.text("language", "python")
    language = canonical_language(spelled)
    if language not in LANGUAGES or language not in RUNNABLE:
        raise manifest.mistake(
            "language", f"{spelled!r} is no language that Assay runs; known are {', '.join(LANGUAGES)}."
        )
    if manifest.kind in ("asserts", "unittest") and language != "python":
        raise manifest.mistake(
            "language", f"tests of kind {manifest.kind!r} are for Python; for {language} use kind 'program'."
        )
    return language


def _prompt(manifest: Manifest) -> str:
    if "prompt" in manifest and "prompt_file" in manifest:
        raise manifest.mistake("prompt_file", "'prompt' and 'prompt_file' are both given; keep one of them.")
    if "prompt" in manifest:
        prompt = manifest.text("prompt")
    elif "prompt_file" in manifest or (manifest.folder / "prompt.md").exists():
        prompt = manifest.contents(manifest.named_file("prompt_file", "prompt.md"))
    else:
        raise AssayError(f"{manifest.path}: there is no prompt; give 'prompt', 'prompt_file' or a file prompt.md.")
    if not prompt.strip():
        raise manifest.mistake("prompt", "the prompt is empty.")
    return prompt


def _reference(manifest: Manifest, language: str, entry_points: tuple[str, ...]) -> str:
    path = manifest.named_file("reference", f"reference{extension(language)}")
    text = manifest.contents(path)
    if not text.strip():
        raise AssayError(f"{path} is empty, but a reference solution must pass the tests.")
    if language == "python":
        text, tree = python_source(manifest, path)
        lacking = [name for name in entry_points if name not in bound_names(tree.body)]
        if lacking:
            raise AssayError(f"{path} does not define {lacking[0]!r}, which {manifest.path} names as entry_point.")
    return text


def _sha256(root: Path, read: Mapping[Path, set[Path]]) -> str:
    """Of the names and contents of all files of the tasks, so that a run never mixes two states of them.

    read: task folder -> the files that its task was made of. Those that a walk does not find, hidden ones and those
    behind a link to another folder of the task, come after the others.
    """
    digest = hashlib.sha256()
    total = 0
    for folder, used in read.items():
        walked = _walked(folder)
        for path in (*walked, *sorted(used.difference(walked))):
            try:
                total += path.stat().st_size
                if total > _MOST_HASHED:
                    raise AssayError(f"The files below {root} have more than {_MOST_HASHED >> 20} MiB together.")
                content = hashlib.sha256(path.read_bytes()).hexdigest()
            except OSError as error:
                raise AssayError(f"{path} cannot be read: {error.strerror}.") from None
            digest.update(f"{path.relative_to(folder)}\0{folder.name}\0{content}\n".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _walked(folder: Path) -> list[Path]:
    """All files below a folder but hidden ones; links to folders are not followed."""
    paths = []
    for parent, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if not name.startswith(".") and name != "__pycache__")
        paths += [Path(parent) / name for name in sorted(files) if not name.startswith(".")]
    return [path for path in paths if path.is_file()]
