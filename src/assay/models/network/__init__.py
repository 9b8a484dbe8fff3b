"""The network itself, in plain PyTorch: architecture, folders in the Hugging Face format, writing texts."""
