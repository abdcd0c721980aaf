"""Helpers of the end-to-end tests. Python 3.9's standard library and tmux; nothing else."""
