"""Runs: plan, judge, store, score, resume."""
