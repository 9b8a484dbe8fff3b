"""Assay: evaluate, train and serve coding models. Execution is the truth."""

__version__ = "0.1.0"
