"""Errors that are meant for people."""

from __future__ import annotations


class AssayError(Exception):
    """A mistake or a condition the user can mend. The message is whole sentences: what, where, what to do next.

    The command line prints it without a stack trace and exits with `exit_code`.
    """

    exit_code = 2
