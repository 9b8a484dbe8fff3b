"""Terminal tables from records."""
