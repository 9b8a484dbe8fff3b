"""Tokenizer, mixture, pre-training, fine-tuning, reinforcement learning, checkpoints."""
