// Redraws the figures of a report so that they can be zoomed and read; without it the drawn SVG stands.
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
    const values = [];
    for (let e = Math.ceil(Math.log10(low)); 10 ** e <= high; e++) values.push(10 ** e);
    return values;
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
      new ResizeObserver(() => this.render()).observe(this.box);
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

  const nearestIn = (list, x) => list.reduce((best, v, i) => (Math.abs(v - x) < Math.abs(list[best] - x) ? i : best), 0);

  class FitChart extends Chart {
    constructor(figure, data) {
      super(figure, data);
      this.chosen = 0;
      if (data.spectra.length > 1) {
        this.pick();
        figure.insertBefore(this.box, this.paper);
        this.box.classList.add("paper");
        this.box.style.marginBottom = ".8rem";
      } else {
        this.paper.replaceChildren(this.box);
      }
    }

    get spectrum() { return this.data.spectra[this.chosen ?? 0]; }

    controlsFor() {
      this.residuals = true;
      this.toggleSeries(this.data.names);
      this.toggle("Residuals", () => this.residuals, (on) => { this.residuals = on; });
      this.toggle("Log scale", () => this.log, (on) => { this.log = on; });
      this.showAll();
      this.box.append(this.controls);
    }

    pick() {
      const count = this.data.spectra.length, id = `pick-${this.figure.id}`;
      const slider = element("input", { type: "range", id, min: 1, max: count, value: 1, step: 1 });
      const output = element("output", { for: id });
      const choose = (k) => {
        this.chosen = Math.max(0, Math.min(count - 1, k));
        slider.value = this.chosen + 1;
        output.replaceChildren(rich(this.spectrum.title));
        slider.setAttribute("aria-valuetext", this.spectrum.title);
        this.render();
      };
      slider.addEventListener("input", () => choose(slider.value - 1));
      const row = element("div", { class: "pick" }, element("label", { for: id }, "Spectrum"), slider, output);
      this.box.prepend(row);
      choose(0);
    }

    extent() {
      const x = this.spectrum.x;
      return [x[0], x[x.length - 1]];
    }

    nearest(x) { const list = this.spectrum.x; return list[nearestIn(list, x)]; }

    neighbour(step) {
      const list = this.spectrum.x, [low, high] = this.range();
      const now = this.at === null ? nearestIn(list, (low + high) / 2) : nearestIn(list, this.at);
      return list[Math.max(0, Math.min(list.length - 1, now + step))];
    }

    ordinates() {
      const s = this.spectrum, [low, high] = this.range();
      let least = Infinity, most = -Infinity, smallest = Infinity;
      s.x.forEach((x, i) => {
        if (x < low || x > high) return;
        for (const v of [s.data[i], s.model[i], s.background[i]]) {
          if (v === null) continue;
          least = Math.min(least, v);
          most = Math.max(most, v);
          if (v > 0) smallest = Math.min(smallest, v);
        }
      });
      if (!(most > least)) most = least + 1;
      if (this.log && most > 0) return [smallest / 1.3, most * 1.3, true];
      return [least - 0.04 * (most - least), most + 0.06 * (most - least), false];
    }

    render() {
      if (!this.box.clientWidth) return;
      const s = this.spectrum, wide = this.box.clientWidth > 560, tall = wide ? 330 : 260;
      const under = this.residuals ? (wide ? 90 : 76) : 0, [low, high, log] = this.ordinates();
      this.begin(tall + under + 62);
      this.whole.disabled = this.low === null;
      const toY = this.panel(10, tall, low, high, this.data.yLabel, log);
      this.curves(s, toY);
      this.bottom = tall + (under ? under + 12 : 0);
      if (under) this.scatter(s, tall + 12, this.bottom);
      this.abscissa(this.bottom, this.data.xLabel);
      this.line(this.at);
      this.tell(s);
    }

    curves(s, toY) {
      const g = this.body();
      s.components.forEach((part, k) => {
        if (this.hidden.has(k)) return;
        const top = part.map((v, i) => (v === null ? null : v + (s.background[i] ?? 0)));
        draw(g, "path", { d: this.between(s.x, s.background, top, toY), fill: colour(k), "fill-opacity": 0.22 });
        draw(g, "path", { d: this.path(s.x, top, toY), fill: "none", stroke: colour(k), "stroke-width": 1.4 });
      });
      draw(g, "path", { d: this.path(s.x, s.background, toY), fill: "none", stroke: "var(--soft)", "stroke-dasharray": "5 3" });
      let dots = "";
      s.x.forEach((x, i) => {
        if (s.data[i] !== null) dots += `M${this.toX(x).toFixed(1)} ${toY(s.data[i]).toFixed(1)}h0`;
      });
      draw(g, "path", { d: dots, stroke: "var(--data)", "stroke-width": 3.2, "stroke-linecap": "round", "stroke-opacity": 0.55 });
      draw(g, "path", { d: this.path(s.x, s.model, toY), fill: "none", stroke: "var(--ink)", "stroke-width": 1.6 });
    }

    scatter(s, top, bottom) {
      const most = Math.min(20, Math.max(3.2, ...s.residual.filter((v) => v !== null).map(Math.abs)) * 1.05);
      const toY = this.panel(top, bottom, -most, most, "Residual (σ)"), g = this.body();
      draw(g, "rect", { x: this.left, y: toY(2), width: this.width - this.left - this.right, height: toY(-2) - toY(2), fill: "var(--band)" });
      draw(g, "path", { d: this.path(s.x, s.residual, toY), fill: "none", stroke: "var(--data)", "stroke-width": 1 });
    }

    tell(s) {
      if (this.at === null) {
        const items = [["χ_{ν}^{2}", short(s.reduced)]];
        if (s.status) items.push(["", s.status]);
        this.say([...items, ["Point, drag or use the arrow keys to read and zoom", ""]]);
        return;
      }
      const i = nearestIn(s.x, this.at);
      this.say([[this.data.xLabel, short(s.x[i], 2)], ["data", short(s.data[i])], ["envelope", short(s.model[i])],
        ["background", short(s.background[i])],
        ...this.data.names.map((name, k) => [name, short(s.components[k][i])]).filter((_, k) => !this.hidden.has(k)),
        ["residual", `${short(s.residual[i])} σ`]]);
    }
  }

  class ProfileChart extends Chart {
    constructor(figure, data) {
      super(figure, data);
      this.paper.replaceChildren(this.box);
    }

    controlsFor() {
      this.bands = true;
      this.toggleSeries(this.data.series.map((s) => s.name));
      this.toggle("Errors", () => this.bands, (on) => { this.bands = on; });
      this.showAll();
      this.box.append(this.controls);
    }

    extent() {
      const x = this.data.x.values, low = Math.min(...x), high = Math.max(...x), edge = 0.02 * (high - low || 1);
      return [low - edge, high + edge];
    }

    nearest(x) { return this.data.x.values[nearestIn(this.data.x.values, x)]; }

    neighbour(step) {
      const list = [...this.data.x.values].sort((a, b) => a - b), way = Math.sign(step);
      const now = this.at === null ? (way > 0 ? -1 : list.length) : nearestIn(list, this.at);
      return list[Math.max(0, Math.min(list.length - 1, now + step))];
    }

    shown() { return this.data.series.map((s, k) => [s, k]).filter(([, k]) => !this.hidden.has(k)); }

    render() {
      if (!this.box.clientWidth) return;
      const tall = this.box.clientWidth > 560 ? 330 : 250, xs = this.data.x.values;
      let low = Infinity, high = -Infinity;
      for (const [s] of this.shown()) {
        s.values.forEach((v, i) => {
          if (v === null) return;
          low = Math.min(low, v - (s.errors[i] ?? 0));
          high = Math.max(high, v + (s.errors[i] ?? 0));
        });
      }
      if (!(high > low)) [low, high] = Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
      const edge = 0.06 * (high - low), unit = this.data.series[0].unit;
      const same = this.data.series.every((s) => s.unit === unit), one = this.data.series.length === 1;
      this.begin(tall + 56);
      this.whole.disabled = this.low === null;
      const toY = this.panel(10, tall, low - edge, high + edge,
        (one ? this.data.series[0].name : "Value") + (same && unit !== "1" ? ` (${unit})` : ""));
      const g = this.body();
      for (const [s, k] of this.shown()) this.series(g, s, k, xs, toY);
      this.bottom = tall;
      this.abscissa(tall, this.data.x.label);
      this.line(this.at);
      this.tell(xs);
    }

    series(g, s, k, xs, toY) {
      const order = xs.map((_, i) => i).sort((a, b) => xs[a] - xs[b]);
      const x = order.map((i) => xs[i]), y = order.map((i) => s.values[i]), e = order.map((i) => s.errors[i] ?? 0);
      const low = y.map((v, i) => (v === null ? null : v - e[i])), high = y.map((v, i) => (v === null ? null : v + e[i]));
      if (this.bands) draw(g, "path", { d: this.between(x, low, high, toY), fill: colour(k), "fill-opacity": 0.2 });
      draw(g, "path", { d: this.path(x, y, toY), fill: "none", stroke: colour(k), "stroke-width": 1.6 });
      if (x.length > 80) return;
      y.forEach((v, i) => {
        if (v === null) return;
        if (this.bands && e[i]) {
          draw(g, "line", { x1: this.toX(x[i]), x2: this.toX(x[i]), y1: toY(low[i]), y2: toY(high[i]), stroke: colour(k), "stroke-width": 1.2 });
        }
        draw(g, "circle", { cx: this.toX(x[i]), cy: toY(v), r: 3.4, fill: "var(--card)", stroke: colour(k), "stroke-width": 1.7 });
      });
    }

    tell(xs) {
      if (this.at === null) return this.say([["Point or use the arrow keys to read", ""]]);
      const i = nearestIn(xs, this.at);
      return this.say([[this.data.x.label, short(xs[i])],
        ...this.shown().map(([s]) => [s.name, `${short(s.values[i])} ± ${s.errors[i] === null ? "–" : Number(s.errors[i].toPrecision(2))}`])]);
    }
  }

  // A map as coloured cells with a probe.
  class MapChart {
    constructor(figure, data) {
      Object.assign(this, { figure, data, chosen: 0, place: 0 });
      this.columns = data.x.values.length;
      this.rows = data.y.values.length;
      this.box = element("div", { class: "interactive" });
      this.readout = element("p", { class: "readout", "aria-live": "polite" });
      this.canvas = element("canvas", { class: "map", tabindex: "0", role: "img", width: this.columns, height: this.rows,
        "aria-label": figure.querySelector("figcaption").textContent + " Arrow keys move the probe." });
      if (data.series.length > 1) this.choices();
      this.box.append(this.canvas, this.readout);
      this.canvas.style.aspectRatio = `${this.columns} / ${this.rows}`;
      this.canvas.addEventListener("pointermove", (event) => this.probe(event));
      this.canvas.addEventListener("keydown", (event) => this.key(event));
      figure.insertBefore(this.box, figure.querySelector(".paper"));
      this.box.classList.add("paper");
      this.box.style.marginBottom = ".8rem";
      this.render();
    }

    choices() {
      const row = element("div", { class: "controls", role: "group", "aria-label": "Which map" });
      this.data.series.forEach((s, k) => {
        const button = element("button", { type: "button", "aria-pressed": k === 0 }, rich(s.name));
        button.addEventListener("click", () => {
          this.chosen = k;
          [...row.children].forEach((b, i) => b.setAttribute("aria-pressed", i === k));
          this.render();
        });
        row.append(button);
      });
      this.box.append(row);
    }

    render() {
      const values = this.data.series[this.chosen].values, there = values.filter((v) => v !== null);
      const low = there.reduce((a, b) => Math.min(a, b), Infinity), high = there.reduce((a, b) => Math.max(a, b), -Infinity);
      const context = this.canvas.getContext("2d"), image = context.createImageData(this.columns, this.rows);
      values.forEach((v, i) => {
        const t = v === null ? 0 : (v - low) / (high - low || 1), row = this.rows - 1 - Math.floor(i / this.columns);
        const rgb = v === null ? [128, 128, 128] : [20 + 233 * t ** 1.6, 30 + 200 * t, 90 + 60 * Math.sin(Math.PI * t)];
        image.data.set([...rgb, 255], 4 * (row * this.columns + (i % this.columns)));
      });
      context.putImageData(image, 0, 0);
      this.tell();
    }

    probe(event) {
      const box = this.canvas.getBoundingClientRect();
      const column = Math.floor(((event.clientX - box.left) / box.width) * this.columns);
      const row = this.rows - 1 - Math.floor(((event.clientY - box.top) / box.height) * this.rows);
      this.move(column, row);
    }

    move(column, row) {
      const c = Math.max(0, Math.min(this.columns - 1, column)), r = Math.max(0, Math.min(this.rows - 1, row));
      this.place = r * this.columns + c;
      this.tell();
    }

    key(event) {
      const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!step) return;
      event.preventDefault();
      this.move((this.place % this.columns) + step[0], Math.floor(this.place / this.columns) + step[1]);
    }

    tell() {
      const items = [[this.data.x.label, this.data.x.values[this.place % this.columns]],
        [this.data.y.label, this.data.y.values[Math.floor(this.place / this.columns)]],
        ...this.data.series.map((s) => [s.name + (s.unit === "1" ? "" : ` (${s.unit})`), s.values[this.place]])];
      this.readout.replaceChildren(...items.map(([name, value]) =>
        element("span", {}, rich(name), " ", element("b", {}, short(value)))));
    }
  }

  const kinds = { fit: FitChart, profile: ProfileChart, map: MapChart };
  for (const figure of document.querySelectorAll("figure[data-interactive]")) {
    const data = JSON.parse(figure.querySelector("script.curves").textContent);
    if (data.type in kinds) new kinds[data.type](figure, data);
  }

  // What is folded is unfolded on paper.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach((d) => { d.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((d) => { d.open = false; }));
})();
