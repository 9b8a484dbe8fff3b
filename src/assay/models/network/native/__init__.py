"""What takes too many operations in torch on a CPU, in C; without gcc torch does it."""
