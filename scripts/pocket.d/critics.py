"""Scripted critics behind an OpenAI-compatible interface: what a large model does in the paper, for the pocket's sums.

The initial critic often miscalculates. The deep one calculates another way and errs less. The merging one joins
both texts. They read the program's own prompts and know no labels.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import threading
from dataclasses import dataclass

from problems import Arithmetic

_STEP = re.compile(r"<step>\s*(\d+) ([+*]) (\d+) = (\d+)\s*(?:\*\*Answer\*\*: \\boxed\{\d+\}\s*)?</step>")
_NUMBER = re.compile(r"Step (\d+):\s*<step>|step under examination, Step (\d+):|step to examine, Step (\d+):")
_VALUE = re.compile(r"= (\d+)")


def tagged(name: str, text: str) -> str | None:
    """What stands between <name> and </name>."""
    found = re.search(rf"<{name}>\s*(.*?)\s*</{name}>", text, re.DOTALL)
    return found.group(1) if found else None


def verdict(kind: Arithmetic, value: int, written: int) -> str:
    """How a critique ends that has calculated a value: the difference to the written one, and what follows from it."""
    difference = kind.compute(written, "-", value)
    return f"; {written} - {value} = {difference}, " + ("wrong. \\boxed{-1}" if difference else "right. \\boxed{1}")


@dataclass(frozen=True)
class Critics:
    """The three critics, and how often they err."""

    kind: Arithmetic
    seed: int
    initial_errors: float = 0.3
    """Share of initial critiques with a wrong calculation."""
    deep_errors: float = 0.12
    """The same of deep ones."""

    def answer(self, prompt: str, sample: int) -> str:
        """A critique, the same for the same prompt and sample."""
        step = _STEP.search(prompt)
        number = _NUMBER.search(prompt)
        if step is None or number is None:
            return "This is not a step that I could examine."
        left, sign, right, written = step.groups()
        which = next(group for group in number.groups() if group)
        first, deeper = tagged("first_critique", prompt), tagged("deeper_critique", prompt)
        if first is not None and deeper is not None:
            return merged(which, first, deeper)
        rng = random.Random(f"{self.seed} {sample} {prompt}")
        value = self.kind.compute(int(left), sign, int(right))
        if tagged("critique", prompt) is None:
            if rng.random() < self.initial_errors:
                value = self.kind.another(rng, value)
            return f"{left} {sign} {right} = {value}" + verdict(self.kind, value, int(written))
        if rng.random() < self.deep_errors:
            value = self.kind.another(rng, value)
        return f"{right} {sign} {left} = {value}" + verdict(self.kind, value, int(written))


def merged(number: str, first: str, deeper: str) -> str:
    """One critique of two: the first calculation, a pause, the second calculation and its verdict."""
    values = [found.group(1) if found else "" for found in (_VALUE.search(first), _VALUE.search(deeper))]
    pause = "Again" if values[0] == values[1] else "But wait"
    return f"Step {number}: {first.split(';')[0]}. {pause}, {deeper}"


class Server:
    """Serves the critics on a free port of this machine until it is closed."""

    def __init__(self, critics: Critics) -> None:
        self._critics = critics
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self.base = ""
        self.requests = 0

        def work() -> None:
            asyncio.set_event_loop(self._loop)
            server = self._loop.run_until_complete(asyncio.start_server(self._connection, "127.0.0.1", 0))
            self.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
            started.set()
            self._loop.run_forever()

        self._thread = threading.Thread(target=work, daemon=True)
        self._thread.start()
        started.wait()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = re.search(rb"content-length: *(\d+)", head)
                body = await reader.readexactly(int(length.group(1))) if length else b""
                status, answer = self._answer(head, body)
                payload = json.dumps(answer).encode()
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                    % (status, len(payload)) + payload)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _answer(self, head: bytes, body: bytes) -> tuple[bytes, dict[str, object]]:
        if not head.startswith(b"post /v1/chat/completions "):
            return b"404 Not Found", {"error": {"message": "only /v1/chat/completions is served"}}
        try:
            asked = json.loads(body)
            prompt = asked["messages"][-1]["content"]
        except (ValueError, LookupError, TypeError):
            return b"400 Bad Request", {"error": {"message": "the request has no messages"}}
        self.requests += 1
        texts = [self._critics.answer(prompt, sample) for sample in range(int(asked.get("n") or 1))]
        choices = [
            {"index": index, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
            for index, text in enumerate(texts)
        ]
        usage = {"prompt_tokens": len(prompt) // 4, "completion_tokens": sum(len(text) for text in texts) // 4}
        return b"200 OK", {
            "id": f"pocket-{self.requests}", "object": "chat.completion", "choices": choices, "usage": usage}
