"""A headless browser that opens pages of the program, dark and light, on a desk and on a phone."""

import json
import os
import shutil
import subprocess

from . import engines
from .harness import PACKAGE, Failure, Skip, check, environment, scratch

DESK, PHONE = (1280, 900), (375, 812)


def program():
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        raise Skip("no browser is installed; scripts/test installs chromium where it may and the system has the package")
    return found


def visit(url, size=DESK, dark=False, picture=None, scripts=(), wait=100):
    """What to do: open a page, look at it after some milliseconds, take its picture, and then run scripts, one after the other."""
    return {
        "url": url if "://" in url else f"file://{url}", "width": size[0], "height": size[1], "dark": dark, "wait": wait,
        "picture": picture or pictured(url, size, dark), "scripts": list(scripts)}


def pictured(url, size, dark):
    """Where the picture of a page goes: into the folder that DEEPCRITIC_TEST_PICTURES names, if any."""
    folder = os.environ.get("DEEPCRITIC_TEST_PICTURES")
    if not folder:
        return None
    name = url.split("#")[0].rstrip("/").rsplit("/", 1)[-1]
    return os.path.join(os.path.abspath(folder), f"{name}-{size[0]}-{'dark' if dark else 'light'}.png")


def open_pages(visits):
    """What is found at each visit: `errors` of the console, `requests` for anything but the page, `faint` texts, `overflow`
    to the right, the `text` that is seen, and the `answers` of the scripts."""
    done = subprocess.run(
        [engines.python("browser"), os.path.join(PACKAGE, "Tests/EndToEnd/support/visit_pages.py")], text=True, capture_output=True,
        input=json.dumps({"browser": program(), "visits": visits}), timeout=600, env=environment(HOME=scratch("browser-home")))
    if done.returncode:
        raise Failure(f"the browser failed:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout)


def everywhere(url, scripts=(), **options):
    """Visits of a page dark and light, on a desk and on a phone."""
    return [visit(url, size, dark, scripts=scripts, **options) for size in (DESK, PHONE) for dark in (False, True)]


def in_order(visits, origin=None):
    """Opens pages, and checks that nothing is wrong with any: no errors, nothing loaded (but from an origin), nothing wider than
    the window, every text readable. Gives what was found."""
    results, wrong = open_pages(visits), []
    for one, found in zip(visits, results):
        where = f"{one['url']} at {one['width']} pixels, {'dark' if one['dark'] else 'light'}"
        found["requests"] = [
            request for request in found["requests"]
            if not request.startswith(("data:", "blob:")) and not (origin and request.startswith(origin))]
        for kind in ("errors", "requests", "overflow", "faint"):
            wrong += [f"{where}: {kind}: {found[kind]}"] * bool(found[kind])
        if not found["text"].strip():
            wrong.append(f"{where}: it shows nothing")
    check(not wrong, "\n".join(wrong))
    return results

