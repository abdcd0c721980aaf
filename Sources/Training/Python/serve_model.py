"""Serves a model by `transformers serve`, with its tokenizer as its file says.

    python serve_model.py MODEL HOST PORT DEVICE
"""

from __future__ import annotations

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import faithful


def main() -> None:
    """Runs the server until it is stopped."""
    model, host, port, device = sys.argv[1:5]
    faithful.everywhere()
    from transformers.cli.transformers import main as command

    sys.argv = ["transformers", "serve", model, "--host", host, "--port", port, "--device", device]
    command()


if __name__ == "__main__":
    main()
