"""What every end-to-end script needs: the program, a scratch folder, checks that explain themselves, a runner."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

from . import datasets, report
from .report import PACKAGE

PROGRAM = os.path.abspath(os.environ.get("DEEPCRITIC") or os.path.join(PACKAGE, ".build/debug/deepcritic"))

# A loaded machine must not fail a test: this is how long anything may take at most, not how long it takes.
PATIENCE = float(os.environ.get("DEEPCRITIC_TEST_PATIENCE", "20"))


class Failure(Exception):
    """A check that did not hold."""


class Skip(Exception):
    """A test that cannot run here, and why."""


def check(condition, message):
    if not condition:
        raise Failure(message() if callable(message) else message)


def equal(actual, expected, what):
    if actual != expected:
        raise Failure(f"{what}:\n  expected {expected!r}\n  got      {actual!r}")


def wait_until(condition, what, patience=None):
    """Returns the condition's first true value. Fails when there is none in time."""
    deadline = time.monotonic() + (PATIENCE if patience is None else patience)
    pause = 0.005
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Failure(f"timed out: {what() if callable(what) else what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)


_scratch = None


def scratch(name=""):
    """A path in this script's own folder, which is removed at the end."""
    global _scratch
    if _scratch is None:
        _scratch = tempfile.mkdtemp(prefix="deepcritic-e2e-")
        atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
    return os.path.join(_scratch, name) if name else _scratch


def home(name="home"):
    """A home folder of somebody who has seen the guide for newcomers."""
    path = scratch(name)
    state = os.path.join(path, ".local/state/deepcritic")
    os.makedirs(state, exist_ok=True)
    open(os.path.join(state, "guide-seen"), "a").close()
    return path


def environment(**changes):
    """A small, known environment; `None` removes a variable."""
    values = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": home(),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "USER": "tester",
        "TZ": "UTC",
        "EDITOR": "false",
        "TMPDIR": scratch(),
        # Else a crash under a toolchain waits for a key, to be debugged.
        "SWIFT_BACKTRACE": "enable=no",
    }
    for name in ("LD_LIBRARY_PATH",):
        if name in os.environ:
            values[name] = os.environ[name]
    values.update(changes)
    return {name: value for name, value in values.items() if value is not None}


def program(*arguments, expect=0, env=None, stdin=None, timeout=None, cwd=None):
    """Runs a command of the program without a terminal."""
    done = subprocess.run(
        [PROGRAM, *arguments], env=env or environment(), stdin=subprocess.DEVNULL if stdin is None else None,
        input=stdin, capture_output=True, timeout=timeout or PATIENCE * 3, cwd=cwd)
    if expect is not None and done.returncode != expect:
        raise Failure(
            f"'deepcritic {' '.join(arguments)}' ended with {done.returncode}, expected {expect}\n"
            f"--- standard output\n{done.stdout.decode(errors='replace')}"
            f"--- standard error\n{done.stderr.decode(errors='replace')}")
    return done


def sample(*names):
    return [os.path.join(PACKAGE, "SampleData", name) for name in names] or [
        os.path.join(PACKAGE, "SampleData", name)
        for name in sorted(os.listdir(os.path.join(PACKAGE, "SampleData"))) if ".json" in name]


def data_folders():
    """Folders with benchmarks: generated ones, then the real ones beside the package if they exist."""
    generated = scratch("generated-data")
    if not os.path.exists(generated):
        datasets.write(generated)
    real = os.path.join(os.path.dirname(PACKAGE), "shared", "data")
    return [generated, real] if os.path.isdir(real) else [generated]


def workspace(name, *files):
    """A new workspace with data: the sample data unless files are named."""
    path = scratch(name)
    program("init", path)
    files = list(files) or sample()
    program("-w", path, "import", "--quiet", *files)
    return path


def unwritable_folder():
    """A folder in which this user, even root, may create nothing."""
    if os.geteuid() != 0:
        folder = scratch("locked")
        os.makedirs(folder, mode=0o555, exist_ok=True)
        return folder
    if not os.path.isdir("/sys"):
        raise Skip("root may write everywhere, and there is no /sys")
    return "/sys"


def alive(pid):
    """Whether a process runs (a zombie does not)."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children(parent):
    """The processes that a process has started, the oldest first."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    fields = file.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if int(fields[1]) == parent:
                found.append((int(fields[19]), int(name)))
    return [pid for _, pid in sorted(found)]


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main(*tests):
    """Runs tests one after the other; names on the command line select some. Ends with 1 when one has failed."""
    if not os.access(PROGRAM, os.X_OK):
        sys.exit(f"{PROGRAM} is missing. Build it with 'swift build --build-tests'.")
    wanted = sys.argv[1:]
    failed = False
    for test in tests:
        name = test.__name__.replace("_", " ")
        if wanted and not any(word in name for word in wanted):
            continue
        began = time.monotonic()
        outcome, reason = "passed", ""
        try:
            test()
            print(f"ok      {name} ({time.monotonic() - began:.1f} s)", flush=True)
        except Skip as problem:
            outcome, reason = "skipped", str(problem)
            print(f"skipped {name}: {reason}", flush=True)
        except (Failure, subprocess.TimeoutExpired) as problem:
            outcome, reason = "failed", str(problem).split("\n")[0]
            print(f"FAILED  {name} ({time.monotonic() - began:.1f} s)\n{problem}", flush=True)
            for line in traceback.format_tb(problem.__traceback__):
                if "harness.py" not in line and "terminal.py" not in line:
                    print("   " + line.strip().split("\n")[0].replace(PACKAGE + "/", ""))
        except Exception as problem:
            outcome, reason = "failed", f"the test itself broke: {type(problem).__name__}: {problem}"
            print(f"FAILED  {name}: the test itself broke", flush=True)
            traceback.print_exc(file=sys.stdout)
        report.add(outcome, name, reason)
        failed = failed or outcome == "failed"
    sys.exit(failed)
