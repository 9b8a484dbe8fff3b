"""Who answers: recorded files now, servers and checkpoints later. Text only."""
