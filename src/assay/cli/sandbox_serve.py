"""`assay sandbox serve`: run and judge programs for other processes, over HTTP."""

from __future__ import annotations

import argparse
import os

from assay.errors import AssayError

EPILOG = """\
exit status:
  0    ended by SIGTERM or Ctrl-C; nothing is left running
  2    bad arguments, an address that cannot be had, or a machine that cannot isolate

endpoints:
  POST /v1/judge     programs with their tests -> verdicts
  POST /v1/run       a program -> how it ended, what it printed
  POST /run_code, /submit   as SandboxFusion's clients send them
  GET  /health, /metrics

examples:
  assay sandbox serve
  TOKEN=... assay sandbox serve --host 0.0.0.0 --token-env TOKEN
"""


def register(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the action and its arguments."""
    parser = actions.add_parser(
        "serve",
        help="run and judge programs for other processes, over HTTP (needs the extra assay[serve])",
        description="Answer requests to run and judge programs in the sandbox of this machine (docs/sandbox-serve.md). "
        "Without a token only this machine can ask.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to serve on (default: 127.0.0.1)")
    parser.add_argument("--port", metavar="N", type=_port, default=8080, help="0 for any free one (default: 8080)")
    parser.add_argument("--token-env", metavar="NAME", help="environment variable that holds the token to ask for")
    parser.add_argument("--jobs", metavar="N", type=_positive, help="programs run at once (default: all cores)")
    parser.add_argument(
        "--queue", metavar="N", type=_positive, default=1024, help="programs that may wait or run (default: 1024)"
    )
    parser.add_argument(
        "--most-body", metavar="MIB", type=_positive, default=16, help="size of a request at most (default: 16 MiB)"
    )
    parser.add_argument("--unsafe", action="store_true", help="serve even where this machine cannot isolate")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until ended. Raises AssayError."""
    try:
        from assay.serving.server import serve
    except ModuleNotFoundError as error:
        raise AssayError(
            f"{error.name} is not installed. Install the server with: pip install 'assay[serve]'"
        ) from None
    serve(
        args.host,
        args.port,
        token=_token(args.token_env),
        jobs=args.jobs,
        queue=args.queue,
        most_bytes=args.most_body << 20,
        unsafe=args.unsafe,
    )
    return 0


def _token(name: str | None) -> str:
    if name is None:
        return ""
    token = os.environ.get(name, "")
    if len(token) < 16:
        raise AssayError(f"${name} must hold a token of at least 16 characters; make one with: openssl rand -hex 24")
    return token


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError("must be between 0 and 65535")
    return number
