"""Untrusted programs in, outcomes out. Knows nothing of tasks, models or verdicts."""
