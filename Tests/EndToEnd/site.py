#!/usr/bin/env python3
"""The documentation as a site, in a browser: every page, link and picture loads, dark and light, on a desk and on a phone."""

import functools
import glob
import http.server
import os
import subprocess
import threading
from urllib.parse import unquote, urldefrag, urlparse

from support import browser, engines
from support.harness import PACKAGE, Failure, check, main

SITE = os.path.join(PACKAGE, ".build/site")
# Whatever a page leads to, and pictures that have come.
LINKS = """() => ({
  links: [...document.querySelectorAll("a[href]")].map((link) => link.href),
  broken: [...document.images].filter((image) => image.complete && !image.naturalWidth).map((image) => image.src),
  targets: [...document.querySelectorAll("[id]")].map((element) => element.id) })"""
SEARCH = """async () => {
  document.querySelector("[data-md-toggle=search]").click();
  const field = document.querySelector("[data-md-component=search-query]");
  field.focus();
  field.value = "adjudication";
  field.dispatchEvent(new KeyboardEvent("keyup", { key: "n", bubbles: true }));
  field.dispatchEvent(new Event("input", { bubbles: true }));
  for (let i = 0; i < 50; i++) {
    await new Promise((done) => setTimeout(done, 100));
    const found = [...document.querySelectorAll(".md-search-result__link")].map((link) => link.href);
    if (found.length) return found;
  }
  return [];
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@functools.cache
def served():
    """The address of the site that was built."""
    engines.python("site")
    done = subprocess.run([os.path.join(PACKAGE, "scripts/site")], capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise Failure(f"scripts/site: {done.stderr[-3000:]}")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}/"


def addresses():
    return [served() + os.path.relpath(page, SITE) for page in sorted(glob.glob(f"{SITE}/**/*.html", recursive=True))
            if not page.endswith("404.html")]


def every_page_can_be_read():
    base = served()
    visits = [browser.visit(page, size, dark) for page in addresses()
              for size, dark in ((browser.DESK, False), (browser.PHONE, True))]
    check(len(visits) >= 2 * 15, f"only {len(visits)} visits")
    browser.in_order(visits, origin=base)


def links_and_pictures_lead_somewhere():
    base, pages = served(), addresses()
    found = browser.open_pages([browser.visit(page, scripts=[LINKS]) for page in pages])
    answers = dict(zip(pages, (one["answers"][0] for one in found)))
    wrong = []
    for page, answer in answers.items():
        wrong += [f"{page}: the picture {source}" for source in answer["broken"]]
        for link in answer["links"]:
            address, fragment = urldefrag(link)
            if not address.startswith(base):
                continue
            path = os.path.join(SITE, unquote(urlparse(address).path).strip("/"))
            path = os.path.join(path, "index.html") if os.path.isdir(path) else path
            known = answers.get(base + os.path.relpath(path, SITE))
            if not os.path.exists(path) or (fragment and known and unquote(fragment) not in known["targets"]):
                wrong.append(f"{page}: the link {link}")
    check(not wrong, "\n".join(wrong))


def search_finds_pages():
    (found,) = browser.open_pages([browser.visit(served() + "index.html", scripts=[SEARCH], wait=500)])
    check(any("statistics" in link or "adjudication" in link for link in found["answers"][0]), f"the search finds {found['answers']}")


main(every_page_can_be_read, links_and_pictures_lead_somewhere, search_finds_pages)
