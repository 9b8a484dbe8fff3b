"""Assay over the network: a sandbox that answers requests."""
