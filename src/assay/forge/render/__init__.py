"""From the intermediate representation to source code: one file per language."""
