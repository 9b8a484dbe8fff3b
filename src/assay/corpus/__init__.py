"""From files to training documents: filtered, licensed, deduplicated, decontaminated."""
