#!/usr/bin/env python3
"""A recorded session, played by asciinema and shared as a page, a picture and text: all show the screen of the program."""

import glob
import html
import json
import os
import re
import shutil
import signal
import subprocess
import xml.etree.ElementTree

from support import log as log_of
from support.harness import (
    PROGRAM, Skip, alive, check, children, environment, equal, main, program, scratch, unwritable_folder, wait_until, workspace)
from support.terminal import Pane, tmux, workbench

REVIEWER = "ann"


def recorded(version):
    """A session at the keys, recorded both ways; gives the workspace, the paths, and the screen it ended with."""
    name = f"session{version}"
    path = workspace(name)
    untouched = scratch(f"before-{version}/{name}")
    shutil.copytree(path, untouched)
    cast, log = scratch(f"{name}.cast"), scratch(f"{name}.jsonl")
    pane = workbench(
        path, "--record-screen", cast, "--cast-version", str(version), "--record", log, "--theme", "dark",
        reviewer=REVIEWER, ready="order as imported")
    pane.press("Enter", "▌  1")
    pane.press("y", "Step 1 correct.")
    pane.press("y", "Step 2 correct.")
    pane.press("3", "▸Merged")
    pane.resize(100, 30)
    pane.wait_for(lambda screen: max(map(len, screen.split("\n"))) <= 100 and "▌  3" in screen, "the smaller screen")
    pane.press("?", "scroll")
    pane.press("Escape", gone="any other key closes")
    pane.press("n", "Step 3 incorrect")
    # All that is computed beside the review is shown.
    pane.wait("Training set")
    screen = settled(pane)
    pane.press("q", "order as imported")
    queue = settled(pane)
    pane.keys("q")
    pane.wait_end("exit 0")
    pane.close()
    return untouched, cast, log, screen, queue


def settled(pane):
    """The screen when it has stood still for a moment."""
    last = [None, 0]

    def still(screen):
        last[1] = last[1] + 1 if screen == last[0] else 0
        last[0] = screen
        return last[1] >= 8

    pane.wait_for(still, "a screen that stands still")
    return last[0]


_recordings = {}


def recording(version=2):
    if version not in _recordings:
        _recordings[version] = recorded(version)
    return _recordings[version]


def trimmed(text):
    """Lines without blanks at their ends, without empty ones at the end."""
    lines = [line.rstrip() for line in text.replace("\u00a0", " ").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def asciinema_shows_our_screen():
    if shutil.which("asciinema") is None:
        raise Skip("asciinema is not installed; scripts/test installs it where it may")
    _, cast, _, _, queue = recording(2)
    pane = Pane(["sh", "-c", f"asciinema play -i 0.1 {cast}; exec cat"], columns=120, rows=40)
    pane.resize(100, 30)
    pane.wait_for(lambda screen: trimmed(screen) == trimmed(queue), "the last screen of the session")
    colors = pane.screen(escapes=True)
    check("\x1b[" in colors and "48;5;234" in colors, "the player's screen has no colours")
    pane.close()


def both_versions_hold_the_same_pictures():
    for version in (2, 3):
        _, cast, _, screen, queue = recording(version)
        head = json.loads(open(cast).readline())
        equal(head["version"], version, "version")
        shown = program("share", cast, "-o", "-", "--format", "txt").stdout.decode()
        equal(trimmed(shown), trimmed(queue), f"the last picture of version {version}")
        other = scratch(f"other{version}.cast")
        program("share", cast, "-o", other, "--cast-version", str(5 - version))
        equal(json.loads(open(other).readline())["version"], 5 - version, "the other version")
        back = scratch(f"back{version}.cast")
        program("share", other, "-o", back, "--cast-version", str(version))
        program("share", back, "-o", scratch(f"again{version}.cast"), "--cast-version", str(5 - version))
        equal(open(other).read(), open(scratch(f"again{version}.cast")).read(), "a cast read and written again")


def a_log_gives_the_pictures_of_the_session():
    before, _, log, screen, queue = recording(2)
    # The size changed in between, as the log says.
    shown = program("share", log, "-w", before, "-o", "-", "--format", "txt").stdout.decode()
    equal(trimmed(shown), trimmed(queue), "the last screen")
    said = program("share", log, "-w", before, "-o", scratch("film.cast")).stderr.decode()
    count = int(re.search(r"(\d+) pictures", said).group(1))
    shown = program(
        "share", log, "-w", before, "-o", "-", "--format", "txt", "--picture", str(count - 1)).stdout.decode()
    equal(trimmed(shown), trimmed(screen), "the screen before the solution was left")
    path = scratch("log.cast")
    program("share", log, "-w", before, "-o", path)
    again = scratch("log2.cast")
    program("share", log, "-w", before, "-o", again)
    equal(open(path).read(), open(again).read(), "the same log twice")
    equal(log_of.count(before), 0, "decisions in the workspace itself")


def pages_pictures_and_text():
    _, cast, _, screen, queue = recording(2)
    made = {kind: scratch(f"out.{kind}") for kind in ("html", "svg", "txt", "ans")}
    for path in made.values():
        program("share", cast, "-o", path)
    equal(trimmed(open(made["txt"]).read()), trimmed(queue), "text")
    plain = re.sub(r"\x1b\[[0-9;]*m", "", open(made["ans"]).read())
    equal(trimmed(plain), trimmed(queue), "text with colours")
    picture = xml.etree.ElementTree.parse(made["svg"]).getroot()
    words = " ".join(picture.itertext())
    for word in ("deepcritic", "as imported", "initial was wrong"):
        check(word in words, f"the picture lacks {word!r}")
    still = scratch("still.html")
    program("share", cast, "-o", still, "--picture", "1")
    check("<script" not in open(still).read(), "a page of one picture has a script")
    for path in (still, made["html"]):
        text = open(path).read()
        check("default-src 'none'" in text, "no policy")
        check(not re.search(r"https?:|src=|url\(", text), "the page names something elsewhere")


def a_picture_can_be_rendered():
    if shutil.which("rsvg-convert") is None:
        raise Skip("rsvg-convert is not installed; scripts/test installs librsvg2-bin where it may")
    picture = scratch("rendered.svg")
    program("share", recording(2)[1], "-o", picture)
    subprocess.run(["rsvg-convert", picture, "-o", scratch("rendered.png")], check=True)
    check(os.path.getsize(scratch("rendered.png")) > 10_000, "the rendered picture is empty")


def video_tools():
    missing = [tool for tool in ("ffmpeg", "ffprobe", "rsvg-convert") if shutil.which(tool) is None]
    if missing:
        raise Skip(f"{', '.join(missing)} not installed; scripts/test installs ffmpeg and librsvg2-bin where it may")


def pixels(path, at):
    """Some rows of pixels of a video (or a picture) at a time: bytes of red, green and blue."""
    return subprocess.run(
        ["ffmpeg", "-v", "error", "-i", path, "-vf", f"trim={at},scale=400:-1,format=rgb24", "-frames:v", "1", "-f", "rawvideo", "-"],
        capture_output=True, check=True).stdout


def videos_show_the_recording():
    video_tools()
    cast = recording(2)[1]
    seconds = [json.loads(line)[0] for line in list(open(cast))[1:]][-1]
    for kind in ("gif", "mp4"):
        made = scratch(f"film.{kind}")
        said = program("share", cast, "-o", made, "--idle-limit", "1", timeout=300).stderr.decode()
        check(re.search(rf"film\.{kind}: \d+ pictures, \d+ bytes", said), said)
        idle = scratch("idle.cast")
        program("share", cast, "-o", idle, "--idle-limit", "1", "--force")
        length = [json.loads(line)[0] for line in list(open(idle))[1:]][-1]
        check(length <= seconds, "the idle limit makes it longer")
        found = json.loads(subprocess.run(
            ["ffprobe", "-v", "error", "-show_entries", "format=duration:format_tags=title:stream=width,height", "-of", "json", made],
            capture_output=True, check=True).stdout)
        check(abs(float(found["format"]["duration"]) - length) < 0.15, f"{kind} takes {found['format']} for {length} seconds")
        width, height = found["streams"][0]["width"], found["streams"][0]["height"]
        factor = 1 if kind == "gif" else 1.5
        # The largest screen of the recording, which becomes smaller.
        check(abs(width - (120 * 9 + 24) * factor) < 2 and abs(height - (40 * 19 + 24) * factor) < 2, f"{width}×{height}")
        check(os.path.getsize(made) < 4_000_000, f"{kind} of {os.path.getsize(made)} bytes")
        # Its first picture is that of the recording, pixel by pixel as far as compression goes.
        program("share", cast, "-o", scratch("first.svg"), "--picture", "1", "--force")
        subprocess.run(
            ["rsvg-convert", "--zoom", str(factor), "--background-color", "#1c1c1c", scratch("first.svg"), "-o",
             scratch("first.png")], check=True)
        wanted, shown = pixels(scratch("first.png"), "0"), pixels(made, "0")
        equal(len(shown), len(wanted), "the pixels of a picture")
        off = sum(abs(one - other) > 48 for one, other in zip(wanted, shown))
        check(off < len(wanted) / 100, f"{off} of {len(wanted)} colours differ")
        piped = program("share", cast, "-o", "-", "--format", kind, "--idle-limit", "1", timeout=300).stdout
        check(piped[:4] == b"GIF8" or piped[4:8] == b"ftyp", f"standard output begins with {piped[:12]!r}")


def videos_need_their_programs():
    folder = scratch("no-tools")
    os.makedirs(folder)
    done = subprocess.run(
        [PROGRAM, "share", recording(2)[1], "-o", scratch("none.gif")], env=environment(PATH=folder), capture_output=True, text=True)
    check(done.returncode == 1 and "rsvg-convert (package librsvg2-bin), ffmpeg. Install both with 'apt-get" in done.stderr, done.stderr)
    check(not os.path.exists(scratch("none.gif")), "a file without content")


def an_interrupted_video_leaves_nothing():
    video_tools()
    folder, made = scratch("video-temporary"), scratch("stopped.mp4")
    os.makedirs(folder)
    for stage in ("rsvg-convert", "ffmpeg"):
        process = subprocess.Popen(
            [PROGRAM, "share", recording(2)[1], "-o", made], env=environment(TMPDIR=folder), stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE, start_new_session=True)

        def drawing():
            names = {pid: open(f"/proc/{pid}/comm").read().strip() for pid in children(process.pid) if alive(pid)}
            begun = glob.glob(f"{folder}/deepcritic-*/{'list' if stage == 'ffmpeg' else '*.svg'}")
            return begun and [pid for pid, name in names.items() if name == stage]

        (child, *_) = wait_until(drawing, stage)
        process.send_signal(signal.SIGINT)
        equal(process.wait(30), 130, "the exit code")
        wait_until(lambda: not alive(child), f"the end of {stage}")
        equal(os.listdir(folder), [], "what is left in the temporary folder")
        check(not os.path.exists(made), "half a video was left behind")


def a_browser_shows_our_screen():
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        raise Skip("no browser is installed; scripts/test installs chromium where it may and the system has the package")
    _, cast, _, screen, queue = recording(2)
    page, still = scratch("page.html"), scratch("page-still.html")
    program("share", cast, "-o", page)
    program("share", cast, "-o", still, "--picture", "last")
    for address in (f"file://{page}#end", f"file://{still}"):
        dom = subprocess.run(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000",
             f"--user-data-dir={scratch('browser')}", "--dump-dom", address],
            capture_output=True, text=True, timeout=120).stdout
        found = re.search(r'<pre id="screen"[^>]*>(.*?)</pre>', dom, re.S)
        check(found, f"the browser shows no screen: {dom[:500]!r}")
        shown = html.unescape(re.sub(r"<[^>]*>", "", found.group(1)))
        equal(trimmed(shown), trimmed(queue), f"what the browser shows of {address}")


def a_demonstration_is_recorded_too():
    cast = scratch("demo.cast")
    pane = Pane([PROGRAM, "demo", "--record-screen", cast, "--theme", "dark"], columns=100, rows=30)
    pane.wait("demonstration")
    pane.keys("Space")
    paused = settled(pane)
    pane.press("?", "arrows scroll")
    helped = settled(pane)
    pane.press("Escape", "Paused")
    equal(settled(pane), paused, "the demonstration behind the help")
    pane.keys("q")
    pane.wait_end("exit 0")
    pane.close()
    said = program("share", cast, "-o", scratch("demo2.cast")).stderr.decode()
    count = int(re.search(r"(\d+) pictures", said).group(1))
    for number, screen in ((count, paused), (count - 1, helped), (count - 2, paused)):
        shown = program("share", cast, "-o", "-", "--format", "txt", "--picture", str(number)).stdout.decode()
        equal(trimmed(shown), trimmed(screen), f"picture {number} of the demonstration")
    check(json.loads(open(cast).readline())["version"] == 2, "version 2 is what is written unless another is named")


def one_solution_is_copied():
    path = workspace("copied")
    Pane(["cat"])
    tmux("set", "-g", "set-clipboard", "on")
    pane = Pane(["sh", "-c", f"{PROGRAM} show 1 -w {path} --format markdown --copy; echo ended with $?; exec cat"])
    pane.wait("Sent to the clipboard:", "ended with 0")
    wanted = program("show", "1", "-w", path, "--format", "markdown").stdout.decode()
    check("$" in wanted and "<details>" in wanted, "the Markdown lacks formulas or folds")
    equal(tmux("show-buffer"), wanted, "the clipboard")
    pane.close()
    done = subprocess.run(
        [PROGRAM, "show", "1", "-w", path, "--copy"], capture_output=True, text=True, env=environment(),
        stdin=subprocess.DEVNULL, start_new_session=True)
    check(done.returncode == 1 and "no terminal" in done.stderr and not done.stdout, f"without a terminal: {done}")
    colored = program("show", "1", "-w", path, "--format", "ansi", "--theme", "dark", "--width", "80").stdout.decode()
    lines = re.sub(r"\x1b\[[0-9;]*m", "", colored).split("\n")
    check("48;5;234" in colored and max(map(len, lines)) <= 80, "coloured text has other colours or a line too wide")
    plain = subprocess.run(
        [PROGRAM, "show", "1", "-w", path, "--format", "ansi"], capture_output=True, text=True,
        env=environment(NO_COLOR="1")).stdout
    check("\x1b[" in plain and ";5;" not in plain and ";3" not in plain, "NO_COLOR leaves colours")


def an_interruption_leaves_nothing_behind():
    path = workspace("interrupted")
    log = scratch("long.jsonl")
    with open(recording(2)[2]) as short, open(log, "w") as file:
        file.write(short.readline())
        for number in range(20_000):
            file.write(json.dumps({"at": number, "key": "down" if number % 2 else "up"}) + "\n")
    folder = scratch("temporary")
    os.makedirs(folder)
    process = subprocess.Popen(
        [PROGRAM, "share", log, "-w", path, "-o", scratch("long.cast")], env=environment(TMPDIR=folder),
        stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wait_until(lambda: glob.glob(f"{folder}/deepcritic-*/interrupted/workspace.sqlite"), "the copy of the workspace")
    copy = glob.glob(f"{folder}/deepcritic-*")[0]
    equal(os.stat(copy).st_mode & 0o777, 0o700, "who may look into the copy")
    process.send_signal(signal.SIGINT)
    equal(process.wait(30), 130, "the exit code")
    equal(os.listdir(folder), [], "what is left in the temporary folder")
    check(not os.path.exists(scratch("long.cast")), "half a cast was left behind")


def failures_are_reported():
    path, cast, log, _, _ = recording(2)

    def fails(code, words, *arguments):
        done = program("share", *arguments, expect=code)
        said = done.stderr.decode()
        check(words in said and said.count("\n") == 1, f"{arguments} said {said!r}")

    foreign = scratch("foreign.cast")
    with open(foreign, "w") as file:
        file.write('{"version": 2, "width": 80, "height": 24}\n[0.1, "o", "\\u001b[?1049h$ ls\\r\\n"]\n')
    fails(1, f"{foreign}:2:", foreign, "-o", scratch("f.svg"))
    half = scratch("half.cast")
    with open(cast) as whole, open(half, "w") as file:
        file.write(whole.readline() + whole.readline() + '[1.5, "o", "ab')
    program("share", half, "-o", scratch("half.svg"))
    with open(half, "w") as file:
        file.write(open(cast).readline())
    fails(1, "shows nothing", half, "-o", scratch("h.svg"))
    fails(1, "there is no picture 999", cast, "-o", scratch("g.svg"), "--picture", "999")
    fails(1, "there is nothing at", cast, "-o", scratch("g.svg"), "--at", "99999")
    fails(1, "write over it with --force", cast, "-o", scratch("half.svg"))
    program("share", cast, "-o", scratch("half.svg"), "--force")
    fails(1, "its directory does not exist", cast, "-o", scratch("no/where.svg"))
    fails(2, "--output ends in one of", cast, "-o", scratch("x.pdf"))
    fails(2, "--format must say", cast, "-o", "-")
    fails(2, "leave --at and --picture out", cast, "-o", scratch("g.cast"), "--picture", "1")
    fails(2, "A GIF holds the whole recording", cast, "-o", scratch("g.gif"), "--at", "1")
    fails(1, "--theme is for logs", cast, "-o", scratch("g.svg"), "--theme", "light")
    fails(1, "cannot be read", scratch("missing"), "-o", scratch("g.svg"))
    fails(1, "you may not write there", cast, "-o", f"{unwritable_folder()}/x.svg")
    for name in ("g.svg", "f.svg", "h.svg", "g.cast"):
        check(not os.path.exists(scratch(name)), f"{name} was left behind")
    # A recording is not written over, and does not begin where it cannot be kept.
    pane = Pane(["sh", "-c", f"{PROGRAM} -w {path} --record-screen {cast}; echo ended with $?; exec cat"])
    pane.wait("there is such a file already", "ended with 1")
    pane.close()


main(
    asciinema_shows_our_screen, both_versions_hold_the_same_pictures, a_log_gives_the_pictures_of_the_session,
    pages_pictures_and_text, a_picture_can_be_rendered, videos_show_the_recording, videos_need_their_programs,
    an_interrupted_video_leaves_nothing, a_browser_shows_our_screen, a_demonstration_is_recorded_too, one_solution_is_copied,
    an_interruption_leaves_nothing_behind, failures_are_reported)
