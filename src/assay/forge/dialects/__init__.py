"""What a task of the forge looks like in each language: its declaration, its program, its calls, its check."""
