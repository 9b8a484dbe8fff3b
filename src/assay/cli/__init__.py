"""One file per command: arguments in, one call, printing out."""
