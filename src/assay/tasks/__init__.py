"""What is asked: a benchmark row becomes a Task."""
