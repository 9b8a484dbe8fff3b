"""Where files come from: folders and git repositories, tables of texts, the running Python and its packages."""
