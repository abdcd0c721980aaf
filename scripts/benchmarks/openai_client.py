#!/usr/bin/env python3
"""The peer of `generate-bench ask`: the same requests with the Python `openai` AsyncClient, as fast as it goes.

    openai_client.py ENDPOINT REQUESTS CONCURRENCY MESSAGES.json [httpx|aiohttp]

One event loop (uvloop), connections kept, as many at once as the concurrency. Prints {"seconds": …}.
"""

import asyncio
import json
import sys
import time

import openai
import uvloop

try:
    import httpx2 as httpx
except ImportError:
    import httpx


async def main(endpoint, total, concurrency, messages, backend):
    limits = httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency)
    kind = openai.DefaultAioHttpClient if backend == "aiohttp" else openai.DefaultAsyncHttpxClient
    http = kind(limits=limits, timeout=600)
    numbers = iter(range(1, total + 1))
    async with openai.AsyncOpenAI(base_url=endpoint, api_key="none", http_client=http) as client:

        async def worker():
            for number in numbers:
                answer = await client.chat.completions.create(
                    model="m", temperature=0.7, top_p=0.9, max_tokens=1024,
                    messages=[
                        {"role": turn["role"], "content": turn["content"].replace("{number}", str(number))}
                        for turn in messages])
                if len(answer.choices) != 1 or answer.choices[0].finish_reason != "stop":
                    sys.exit("an answer is not as expected")

        began = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(concurrency)))
        print(json.dumps({"seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    uvloop.run(
        main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), json.load(open(sys.argv[4])),
             sys.argv[5] if len(sys.argv) > 5 else "httpx"))
