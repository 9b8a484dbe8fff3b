"""What is offered to other programs over HTTP: running programs, judging answers."""
