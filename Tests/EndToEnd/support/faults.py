"""The OpenAI-compatible server that fails on request, as a process."""

import atexit
import json
import os
import subprocess
import urllib.request

from .harness import PROGRAM, Failure, scratch

SERVER = os.path.join(os.path.dirname(PROGRAM), "fault-server")


class FaultServer:
    """Runs until it is stopped, or until the script ends."""

    def __init__(self, *arguments):
        if not os.access(SERVER, os.X_OK):
            raise Failure(f"{SERVER} is missing. Build it with 'swift build --build-tests'.")
        self.process = subprocess.Popen(
            [SERVER, "--port", "0", *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        atexit.register(self.stop)
        line = self.process.stdout.readline()
        if "http://" not in line:
            raise Failure(f"the server did not start: {line!r}")
        self.base = line.split()[-1]

    def stats(self):
        with urllib.request.urlopen(self.base.rsplit("/", 1)[0] + "/stats") as answer:
            return json.load(answer)

    def ask(self, body, path="/chat/completions"):
        """Sends one request as a batch runner would; gives status and JSON."""
        request = urllib.request.Request(
            self.base + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"{}")

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def problem_file(count):
    """A file of problems that the server solves when it is started with `--solves`."""
    file = scratch(f"problems-{count}.jsonl")
    with open(file, "w") as out:
        for number in range(10, 10 * count + 1, 10):
            out.write(json.dumps({"problem": f"What number is meant? It is #{number}", "answer": str(number)}) + "\n")
    return file
