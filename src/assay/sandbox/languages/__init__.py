"""One small declarative file per language."""
