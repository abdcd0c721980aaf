"""Opens pages in a headless browser and reports what a reader would see: run by the interpreter of the environment 'browser'.

Reads a JSON object (browser: its program, visits: see browser.py), writes an array with what was found at each visit.
"""

import json
import sys

from playwright.sync_api import Error, sync_playwright

# Texts that can be seen and stand out too little: the WCAG's 4.5 to 1, or 3 to 1 for large ones and for lines drawn with characters.
FAINT = r"""
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const parsed = (color) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat([1]);
  const scheme = matchMedia("(prefers-color-scheme: dark)").matches && getComputedStyle(document.documentElement).colorScheme.includes("dark");
  const ground = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parsed(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), scheme ? [18, 18, 18, 1] : [255, 255, 255, 1]);
  };
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement, words = node.data.trim();
    if (!words || ["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE"].includes(element.tagName)) continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest("[aria-hidden=true]")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width < 1 || box.height < 1) continue;
    const style = getComputedStyle(element), below = ground(element), size = parseFloat(style.fontSize);
    const [high, low] = [light(over(parsed(style.color), below)), light(below)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    const isDrawn = !/[\p{L}\p{N}]/u.test(words);
    const isLarge = isDrawn || size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) found.set(style.color, `${ratio.toFixed(2)} ${style.color} ${words.slice(0, 60)}`);
  }
  return [...found.values()];
}
"""

# How far the page is wider than the window, and the elements that make it so.
OVERFLOW = r"""
() => {
  const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (over <= 0) return [];
  const wide = [...document.body.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1);
  return [`${over} pixels`, ...wide.slice(0, 5).map((e) => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 40)}`)];
}
"""


def visited(browser, visit):
    found = {"errors": [], "requests": []}
    context = browser.new_context(
        viewport={"width": visit["width"], "height": visit["height"]}, color_scheme="dark" if visit["dark"] else "light",
        reduced_motion="reduce")
    page = context.new_page()
    page.on("console", lambda message: message.type in ("error", "warning") and found["errors"].append(message.text))
    page.on("pageerror", lambda error: found["errors"].append(str(error)))
    page.on("requestfailed", lambda request: found["errors"].append(f"{request.url}: {request.failure}"))
    page.on("request", lambda request: request.is_navigation_request() or found["requests"].append(request.url))
    page.goto(visit["url"], wait_until="load")
    page.wait_for_timeout(visit["wait"])
    found["faint"], found["overflow"] = page.evaluate(FAINT), page.evaluate(OVERFLOW)
    found["text"] = page.evaluate("document.body.innerText")
    if visit["picture"]:
        page.screenshot(path=visit["picture"], full_page=True)
    for script in visit["scripts"]:
        try:
            found.setdefault("answers", []).append(page.evaluate(script))
        except Error as error:
            found["errors"].append(str(error))
    context.close()
    return found


work = json.load(sys.stdin)
with sync_playwright() as playwright:
    chromium = playwright.chromium.launch(executable_path=work["browser"], args=["--no-sandbox", "--disable-gpu"])
    json.dump([visited(chromium, visit) for visit in work["visits"]], sys.stdout)
    chromium.close()
