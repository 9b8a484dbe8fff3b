"""Rewards from execution, for any trainer."""
