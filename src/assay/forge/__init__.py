"""Fresh tasks without end: a typed program becomes a specification, code in several languages, tests, bugs and traces."""
