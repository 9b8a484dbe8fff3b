"""Fresh tasks without end: a typed program becomes a specification, code in six languages, tests, bugs and traces."""
