"""Learning from running: the model writes, the sandbox runs, and what fails is learnt from."""
