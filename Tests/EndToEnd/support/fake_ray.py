#!/usr/bin/env python3
"""A stand-in for a Ray cluster: its jobs' REST interface, without anything that trains.

Prints its address and answers after that. A first attempt takes one step whenever somebody looks at it, until it is
stopped; a later attempt takes all of its steps at the first look, and has succeeded then. While the folder has a file
`refuse`, no job is taken, and its text is the reason; with a file `token`, whoever does not send it is turned away.
It ends with its standard input. Requests are noted in `requests.jsonl` there, one JSON object a line.
"""

import argparse
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakeRay(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    jobs = {}
    packages = set()
    folder = "."
    steps = 20

    def answer(self, value, status=200):
        body = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def text(self, name):
        try:
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                return file.read().strip()
        except FileNotFoundError:
            return None

    def handle_one(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        token = self.text("token")
        with open(os.path.join(self.folder, "requests.jsonl"), "a", encoding="utf-8") as file:
            is_text = self.headers.get("Content-Type", "").startswith("application/json") and body
            file.write(json.dumps({"method": self.command, "path": self.path, "body": json.loads(body) if is_text else None}) + "\n")
        if token and self.headers.get("Authorization") != f"Bearer {token}":
            return self.answer("no", 401)
        if self.path == "/api/version":
            return self.answer({"ray_version": "2.60.0", "version": "4"})
        if self.path.startswith("/api/packages/"):
            if self.command == "PUT":
                self.packages.add(self.path)
                return self.answer({})
            return self.answer({}, 200 if self.path in self.packages else 404)
        if self.path == "/api/jobs/":
            reason = self.text("refuse")
            if reason:
                return self.answer(f"Traceback (most recent call last):\nRuntimeError: {reason}", 500)
            job = json.loads(body)
            self.jobs[job["submission_id"]] = {"status": "PENDING", "job": job, "step": 0, "lines": ["loading\n"]}
            return self.answer({"submission_id": job["submission_id"]})
        name, _, verb = self.path.removeprefix("/api/jobs/").partition("/")
        job = self.jobs.get(name)
        if job is None:
            return self.answer("not found", 404)
        if verb == "stop":
            job["status"] = "STOPPED"
            return self.answer({"stopped": True})
        if verb == "logs":
            return self.answer({"logs": "".join(job["lines"])})
        self.advance(name, job)
        return self.answer({"status": job["status"], "message": None})

    def advance(self, name, job):
        attempt = int(name.rsplit("-", 1)[1])
        if job["status"] not in ("PENDING", "RUNNING"):
            return
        job["status"] = "RUNNING"
        last = self.steps if attempt > 1 else job["step"] + 1
        while job["step"] < last:
            job["step"] += 1
            self.feed(job, kind="log", attempt=attempt, elapsed=job["step"], step=job["step"], values={"loss": 1 / job["step"]})
        if attempt > 1:
            self.feed(job, kind="exit", attempt=attempt, code=0, signal=0, stopped=False)
            job["status"] = "SUCCEEDED"

    @staticmethod
    def feed(job, **line):
        job["lines"].append("@deepcritic " + json.dumps(line) + "\n")

    do_GET = do_POST = do_PUT = handle_one

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--steps", type=int, default=20)
    options = parser.parse_args()
    FakeRay.folder, FakeRay.steps = options.folder, options.steps
    server = ThreadingHTTPServer(("127.0.0.1", 0), FakeRay)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
