"""A server that streams prepared texts at a set pace: tokens per second, bursts, stalls, breaks in the middle."""

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Streamer:
    """Answers chat completions of each model with its text, piece by piece.

    models: name -> {"text": …, "rate": tokens per second, "burst": pieces sent at once, "stall": (piece, seconds),
    "break": the piece at which the connection ends, "error": the piece at which an error is reported, "size": characters of a
    piece (a word when it is not given)}.
    """

    def __init__(self, **models):
        self.models = models
        self.requests = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                body = json.dumps({"object": "list", "data": [{"id": name, "object": "model"} for name in server.models]})
                self.send_response(200 if self.path.endswith("/models") else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.requests.append(asked)
                try:
                    server.stream(self, asked)
                except (BrokenPipeError, ConnectionResetError):
                    pass
                self.close_connection = True

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.http.server_address[1]}/v1"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def stream(self, handler, asked):
        manner = self.models[asked["model"]]
        text = manner["text"]
        size = manner.get("size")
        pieces = [text[i:i + size] for i in range(0, len(text), size)] if size else re.findall(r"\s*\S+|\s+$", text)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/event-stream")
        handler.send_header("Connection", "close")
        handler.end_headers()

        def send(value):
            handler.wfile.write(f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n".encode())
            handler.wfile.flush()

        burst = manner.get("burst", 1)
        began = time.monotonic()
        for index in range(0, len(pieces), burst):
            if manner.get("break") is not None and index >= manner["break"]:
                return
            if manner.get("error") is not None and index >= manner["error"]:
                send({"error": {"message": "the graphics card has caught fire"}})
                return
            if manner.get("stall") and index == manner["stall"][0]:
                time.sleep(manner["stall"][1])
                began += manner["stall"][1]
            delta = "".join(pieces[index:index + burst])
            send({"choices": [{"index": 0, "delta": {"content": delta}, "finish_reason": None}]})
            ahead = began + (index + burst) / manner.get("rate", 50) - time.monotonic()
            if ahead > 0.002:
                time.sleep(ahead)
        send({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}],
              "usage": {"prompt_tokens": 10, "completion_tokens": len(pieces)}})
        send("[DONE]")
