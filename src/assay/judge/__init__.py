"""A check and a sample become a verdict, always computed outside the jail."""
