"""What all tests need."""

from __future__ import annotations

import signal

# A shell that starts something in the background has it ignore Ctrl-C, and every process below inherits that: tests of
# Ctrl-C could only fail then. A handler is not inherited, so what tests start can be interrupted again.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
