"""The main job: from nothing to a coding model that learnt from running its programs, and a report on it."""
