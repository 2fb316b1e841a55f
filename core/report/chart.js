// Charts of a report that can be zoomed and read: frame, scales, keys. figures.js, which follows it, makes one of each figure.
// SPDX-License-Identifier: GPL-3.0-or-later
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const colour = (k) => `var(--c${k % 8})`;

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function draw(parent, name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    parent.append(made);
    return made;
  }

  // "Co^{2+}" as a list of [text, "", "super" or "sub"].
  function parts(markup) {
    const made = [];
    for (const [, kind, inner, escaped, plain] of markup.matchAll(/([\^_])\{([^}]*)\}|\\(.)|([^\\^_]+|.)/gu)) {
      made.push(kind ? [inner, kind === "^" ? "super" : "sub"] : [escaped ?? plain, ""]);
    }
    return made;
  }

  function rich(markup) {
    const span = element("span");
    for (const [text, shift] of parts(markup)) {
      span.append(shift ? element(shift === "super" ? "sup" : "sub", {}, text) : text);
    }
    return span;
  }

  function label(parent, markup, attributes) {
    const text = draw(parent, "text", { class: "label", ...attributes });
    let lift = 0;
    for (const [piece, shift] of parts(markup)) {
      const wanted = shift === "super" ? -4 : shift === "sub" ? 3 : 0;
      draw(text, "tspan", { dy: wanted - lift, ...(shift ? { "font-size": "9.5px" } : {}) }, piece);
      lift = wanted;
    }
    return text;
  }

  function ticks(low, high, count) {
    const rough = (high - low) / Math.max(count, 1), power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((k) => k * power).find((s) => s >= rough) || rough, made = [];
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) made.push(i * step);
    return { values: made, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
  }

  const decades = (low, high) => {
    const values = [], steps = high / low < 50 ? [1, 2, 5] : [1];
    for (let e = Math.floor(Math.log10(low)); 10 ** e <= high; e++) values.push(...steps.map((k) => k * 10 ** e));
    return values.filter((v) => v >= low && v <= high);
  };

  function short(value, digits) {
    if (value === null || !Number.isFinite(value)) return "–";
    const text = digits === undefined ? String(Number(value.toPrecision(4))) : value.toFixed(digits);
    return text.replace("-", "−");
  }

  function grouped(value, digits) {
    const text = Math.abs(value) >= 1e6 ? value.toExponential(1) : value.toFixed(digits);
    return text.replace("-", "−").replace(/\B(?=(\d{3})+(?!\d))/g, digits ? "" : "\u2009");
  }

  // One chart: a frame with scales, zoom by dragging or keys, and a reading line.
  class Chart {
    constructor(figure, data) {
      this.figure = figure;
      this.data = data;
      this.hidden = new Set();
      this.log = false;
      this.low = this.high = null;
      this.at = null;
      this.paper = figure.querySelector(".paper");
      this.box = element("div", { class: "interactive" });
      this.controls = element("div", { class: "controls", role: "group", "aria-label": "Show and hide" });
      this.readout = element("p", { class: "readout", "aria-live": "polite" });
      this.svg = document.createElementNS(SVG, "svg");
      this.svg.setAttribute("class", "chart");
      this.svg.setAttribute("tabindex", "0");
      this.svg.setAttribute("role", "img");
      this.svg.setAttribute("aria-label", figure.querySelector("figcaption").textContent +
        " Arrow keys move the reading line, plus and minus zoom, 0 shows all.");
      this.controlsFor();
      this.box.append(this.svg);
      this.box.append(this.readout);
      this.listen();
      new ResizeObserver(() => {
        if (this.box.clientWidth === this.seen) return;
        this.seen = this.box.clientWidth;
        requestAnimationFrame(() => this.render());
      }).observe(this.box);
    }

    toggle(name, get, set, swatch) {
      const button = element("button", { type: "button", "aria-pressed": get() });
      if (swatch) {
        button.append(element("span", { class: "dot" }));
        button.style.setProperty("--own", swatch);
      }
      button.append(typeof name === "string" ? name : name);
      button.addEventListener("click", () => {
        set(!get());
        button.setAttribute("aria-pressed", get());
        this.render();
      });
      this.controls.append(button);
      return button;
    }

    toggleSeries(names) {
      names.forEach((name, k) => this.toggle(rich(name), () => !this.hidden.has(k),
        (on) => (on ? this.hidden.delete(k) : this.hidden.add(k)), colour(k)));
    }

    showAll() {
      this.whole = element("button", { type: "button", class: "act" }, "Show all");
      this.whole.addEventListener("click", () => this.zoom(null, null));
      this.controls.append(element("span", { class: "space" }), this.whole);
    }

    zoom(low, high) {
      const [first, last] = this.extent();
      if (low === null || high - low >= last - first) this.low = this.high = null;
      else {
        const width = Math.max(high - low, (last - first) / 200);
        this.low = Math.max(first, Math.min(low, last - width));
        this.high = this.low + width;
      }
      this.render();
    }

    scaleBy(factor, about) {
      const [low, high] = this.range(), middle = about ?? this.at ?? (low + high) / 2;
      this.zoom(middle - (middle - low) * factor, middle + (high - middle) * factor);
    }

    range() {
      return this.low === null ? this.extent() : [this.low, this.high];
    }

    toX(value) {
      const [low, high] = this.range(), part = (value - low) / (high - low);
      return this.left + (this.data.reversed ? 1 - part : part) * (this.width - this.left - this.right);
    }

    fromX(pixel) {
      const [low, high] = this.range(), part = (pixel - this.left) / (this.width - this.left - this.right);
      return low + (this.data.reversed ? 1 - part : part) * (high - low);
    }

    key(event) {
      const [low, high] = this.range(), step = (this.data.reversed ? -1 : 1) * (event.shiftKey ? 10 : 1);
      const act = {
        ArrowRight: () => this.read(this.neighbour(step)),
        ArrowLeft: () => this.read(this.neighbour(-step)),
        "+": () => this.scaleBy(0.7), "=": () => this.scaleBy(0.7), "-": () => this.scaleBy(1 / 0.7),
        0: () => this.zoom(null, null), Escape: () => this.zoom(null, null),
        Home: () => this.read(this.data.reversed ? high : low), End: () => this.read(this.data.reversed ? low : high),
      }[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    }

    listen() {
      const place = (event) => {
        const box = this.svg.getBoundingClientRect();
        return ((event.clientX - box.left) / box.width) * this.width;
      };
      let from = null;
      this.svg.addEventListener("pointermove", (event) => {
        if (from !== null) this.select(from, place(event));
        else this.read(this.fromX(place(event)));
      });
      this.svg.addEventListener("pointerdown", (event) => {
        if (event.pointerType === "touch") return this.read(this.fromX(place(event)));
        from = place(event);
        this.svg.setPointerCapture(event.pointerId);
      });
      this.svg.addEventListener("pointerup", (event) => {
        const to = place(event), start = from;
        from = null;
        this.select(0, 0);
        if (start !== null && Math.abs(to - start) > 6) {
          const ends = [this.fromX(start), this.fromX(to)].sort((a, b) => a - b);
          this.zoom(ends[0], ends[1]);
        }
      });
      this.svg.addEventListener("pointerleave", () => from === null && this.read(null));
      this.svg.addEventListener("dblclick", () => this.zoom(null, null));
      this.svg.addEventListener("wheel", (event) => {
        if (!event.ctrlKey) return;
        event.preventDefault();
        this.scaleBy(event.deltaY > 0 ? 1.15 : 1 / 1.15, this.fromX(place(event)));
      }, { passive: false });
      this.svg.addEventListener("keydown", (event) => this.key(event));
    }

    select(a, b) {
      if (!this.selection) return;
      this.selection.setAttribute("x", Math.min(a, b));
      this.selection.setAttribute("width", Math.abs(a - b));
    }

    // Frame, grid and scales of one panel; gives the function from a value to its place.
    panel(top, bottom, low, high, name, log) {
      const toY = (v) => {
        const part = log ? (Math.log10(Math.max(v, low)) - Math.log10(low)) / (Math.log10(high) - Math.log10(low))
          : (v - low) / (high - low);
        return bottom - part * (bottom - top);
      };
      const marks = log ? { values: decades(low, high), digits: 0 } : ticks(low, high, (bottom - top) / 55);
      for (const value of marks.values) {
        draw(this.svg, "line", { class: "grid", x1: this.left, x2: this.width - this.right, y1: toY(value), y2: toY(value) });
        draw(this.svg, "text", { x: this.left - 7, y: toY(value) + 4, "text-anchor": "end" }, grouped(value, marks.digits));
      }
      if (name) {
        label(this.svg, name, { x: -(top + bottom) / 2, y: 14, transform: "rotate(-90)", "text-anchor": "middle" });
      }
      return toY;
    }

    abscissa(bottom, name) {
      const marks = ticks(...this.range(), (this.width - this.left - this.right) / 80);
      draw(this.svg, "line", { class: "axis", x1: this.left, x2: this.width - this.right, y1: bottom, y2: bottom });
      for (const value of marks.values) {
        draw(this.svg, "line", { class: "axis", x1: this.toX(value), x2: this.toX(value), y1: bottom, y2: bottom + 5 });
        draw(this.svg, "text", { x: this.toX(value), y: bottom + 19, "text-anchor": "middle" }, short(value, marks.digits));
      }
      label(this.svg, name, { x: (this.left + this.width - this.right) / 2, y: bottom + 40, "text-anchor": "middle" });
    }

    begin(height) {
      this.width = Math.max(280, Math.round(this.box.clientWidth));
      this.height = height;
      this.left = this.width < 480 ? 58 : 74;
      this.right = 10;
      this.svg.replaceChildren();
      this.svg.setAttribute("viewBox", `0 0 ${this.width} ${height}`);
      const clip = draw(draw(this.svg, "defs", {}), "clipPath", { id: `clip-${this.figure.id}` });
      draw(clip, "rect", { x: this.left, y: 0, width: this.width - this.left - this.right, height });
      this.selection = draw(this.svg, "rect", { y: 0, height, x: 0, width: 0, fill: "var(--band)" });
    }

    body() {
      return draw(this.svg, "g", { "clip-path": `url(#clip-${this.figure.id})` });
    }

    path(xs, ys, toY) {
      let text = "", pen = "M";
      for (let i = 0; i < xs.length; i++) {
        if (ys[i] === null || !Number.isFinite(ys[i])) { pen = "M"; continue; }
        text += `${pen}${this.toX(xs[i]).toFixed(1)} ${toY(ys[i]).toFixed(1)}`;
        pen = "L";
      }
      return text;
    }

    between(xs, low, high, toY) {
      const there = xs.map((x, i) => i).filter((i) => Number.isFinite(low[i] ?? NaN) && Number.isFinite(high[i] ?? NaN));
      const up = there.map((i) => `${this.toX(xs[i]).toFixed(1)} ${toY(high[i]).toFixed(1)}`);
      const down = there.reverse().map((i) => `${this.toX(xs[i]).toFixed(1)} ${toY(low[i]).toFixed(1)}`);
      return up.length ? `M${up.join("L")}L${down.join("L")}Z` : "";
    }

    line(x) {
      if (x === null) return;
      draw(this.svg, "line", { class: "read", x1: this.toX(x), x2: this.toX(x), y1: 8, y2: this.bottom });
    }

    say(items) {
      this.readout.replaceChildren(...items.map(([name, value]) => {
        const span = element("span");
        span.append(typeof name === "string" ? rich(name) : name, " ", element("b", {}, value));
        return span;
      }));
    }

    read(x) {
      this.at = x === null ? null : this.nearest(x);
      this.render();
    }
  }

