"use strict";
(() => {
  const film = JSON.parse(document.getElementById("film").textContent);
  const byId = (name) => document.getElementById(name);
  const screen = byId("screen"), cursor = byId("cursor"), bar = byId("position");
  const frames = film.frames, speeds = [0.25, 0.5, 1, 2, 4, 8];
  // What each frame shows: the number of every row's content.
  const states = [];
  let size = [0, 0], numbers = [];
  for (const frame of frames) {
    if (frame.s) { size = frame.s; numbers = []; }
    numbers = numbers.slice();
    for (const [row, number] of frame.r) numbers[row] = number;
    states.push({ size, numbers, cursor: frame.c });
  }
  let lines = [], shown = [], width = 0, current = -1;

  function fill(line, pieces) {
    line.textContent = "";
    for (const [style, text, box] of pieces) {
      if (style < 0 && !box) { line.append(text); continue; }
      const span = document.createElement("span");
      span.className = (style < 0 ? "" : "s" + style) + (box ? (box === 1 ? " b" : " w") : "");
      span.textContent = text;
      line.append(span);
    }
  }

  function draw(index) {
    if (index === current || !states[index]) return;
    current = index;
    const state = states[index];
    if (lines.length !== state.size[1] || width !== state.size[0]) {
      screen.textContent = "";
      lines = state.numbers.map((_, row) => {
        const line = document.createElement("span");
        if (row) screen.append("\n");
        screen.append(line);
        return line;
      });
      shown = [];
      width = state.size[0];
      screen.style.width = width + "ch";
    }
    state.numbers.forEach((number, row) => {
      if (shown[row] !== number) fill(lines[row], film.rows[number]);
      shown[row] = number;
    });
    cursor.hidden = !state.cursor;
    if (state.cursor) {
      cursor.style.left = state.cursor[0] + "ch";
      cursor.style.top = `calc(${state.cursor[1]} * var(--line))`;
    }
  }

  let now = 0, isPlaying = false, speed = 1, last = 0;
  const clock = (ms) => Math.floor(ms / 60000) + ":" + String(Math.floor(ms / 1000) % 60).padStart(2, "0");

  function indexAt(time) {
    let low = 0, high = frames.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (frames[middle].t <= time) low = middle; else high = middle - 1;
    }
    return low;
  }

  function show() {
    draw(indexAt(now));
    bar.value = now;
    byId("time").textContent = clock(now) + " / " + clock(film.duration);
    byId("play").textContent = isPlaying ? "❚❚" : "▶";
    byId("speed").textContent = speed + "×";
  }

  function seek(time) { now = Math.min(Math.max(time, 0), film.duration); show(); }

  function tick(at) {
    if (!isPlaying) return;
    now += (at - last) * speed;
    last = at;
    if (now >= film.duration) { now = film.duration; isPlaying = false; }
    show();
    if (isPlaying) requestAnimationFrame(tick);
  }

  function toggle() {
    isPlaying = !isPlaying;
    if (isPlaying) {
      if (now >= film.duration) now = 0;
      last = performance.now();
      requestAnimationFrame(tick);
    }
    show();
  }

  function step(by) {
    isPlaying = false;
    const index = Math.min(Math.max(indexAt(now) + by, 0), frames.length - 1);
    seek(frames[index].t);
  }

  function faster(by) {
    speed = speeds[Math.min(Math.max(speeds.indexOf(speed) + by, 0), speeds.length - 1)];
    show();
  }

  const keys = {
    " ": toggle, k: toggle, ArrowLeft: () => seek(now - 5000), ArrowRight: () => seek(now + 5000),
    ",": () => step(-1), ".": () => step(1), "<": () => faster(-1), ">": () => faster(1),
    Home: () => seek(0), End: () => seek(film.duration),
  };
  document.addEventListener("keydown", (event) => {
    const action = keys[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    action();
  });
  byId("play").addEventListener("click", () => { toggle(); byId("play").blur(); });
  byId("speed").addEventListener("click", () => {
    speed = speeds[(speeds.indexOf(speed) + 1) % speeds.length];
    show();
    byId("speed").blur();
  });
  bar.max = film.duration;
  bar.addEventListener("input", () => seek(Number(bar.value)));
  // A link may say where to begin: #t=12.5 in seconds, or #end.
  const place = location.hash.match(/^#t=(\d+(?:\.\d+)?)$/);
  seek(place ? Number(place[1]) * 1000 : location.hash === "#end" ? film.duration : 0);
})();
