  // The figures of a report: fits, profiles and maps. It stands inside the function that chart.js opens.
  // SPDX-License-Identifier: GPL-3.0-or-later
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

    xs(s) { return s.x || this.data.x.values; }

    get all() {
      const shown = this.shown();
      return shown.length ? shown.flatMap(([s]) => this.xs(s)) : this.xs(this.data.series[0]);
    }

    controlsFor() {
      this.bands = this.data.series.some((s) => s.errors);
      this.toggleSeries(this.data.series.map((s) => s.name));
      if (this.bands) this.toggle("Errors", () => this.bands, (on) => { this.bands = on; });
      else this.toggle("Log scale", () => this.log, (on) => { this.log = on; });
      this.showAll();
      this.box.append(this.controls);
    }

    extent() {
      const x = this.all, low = Math.min(...x), high = Math.max(...x), edge = this.data.reversed ? 0 : 0.02 * (high - low || 1);
      return [low - edge, high + edge];
    }

    nearest(x) { return this.all[nearestIn(this.all, x)]; }

    neighbour(step) {
      const list = [...new Set(this.all)].sort((a, b) => a - b), way = Math.sign(step), [low, high] = this.range();
      const now = this.at === null ? (way > 0 ? list.findIndex((x) => x >= low) - 1 : list.findLastIndex((x) => x <= high) + 1)
        : nearestIn(list, this.at);
      return list[Math.max(0, Math.min(list.length - 1, now + step))];
    }

    shown() { return this.data.series.map((s, k) => [s, k]).filter(([, k]) => !this.hidden.has(k)); }

    ordinates() {
      const [first, last] = this.range();
      let low = Infinity, high = -Infinity, least = Infinity;
      for (const [s] of this.shown()) {
        const xs = this.xs(s);
        s.values.forEach((v, i) => {
          if (v === null || xs[i] < first || xs[i] > last) return;
          const e = this.bands ? s.errors[i] ?? 0 : 0;
          low = Math.min(low, v - e);
          high = Math.max(high, v + e);
          if (v > 0) least = Math.min(least, v);
        });
      }
      if (!(high > low)) [low, high] = Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
      if (this.log && high > 0) return [least / 1.3, high * 1.3, true];
      const edge = 0.06 * (high - low);
      return [low - edge, high + edge, false];
    }

    render() {
      if (!this.box.clientWidth) return;
      const tall = this.box.clientWidth > 560 ? 330 : 250, [low, high, log] = this.ordinates();
      this.begin(tall + 56);
      this.whole.disabled = this.low === null;
      const toY = this.panel(10, tall, low, high, this.data.yLabel, log), g = this.body();
      for (const [s, k] of this.shown()) this.series(g, s, k, toY);
      this.bottom = tall;
      this.abscissa(tall, this.data.x.label);
      this.line(this.at);
      this.tell();
    }

    series(g, s, k, toY) {
      const xs = this.xs(s), order = xs.map((_, i) => i).sort((a, b) => xs[a] - xs[b]);
      const x = order.map((i) => xs[i]), y = order.map((i) => s.values[i]), e = order.map((i) => s.errors?.[i] ?? 0);
      const low = y.map((v, i) => (v === null ? null : v - e[i])), high = y.map((v, i) => (v === null ? null : v + e[i]));
      if (this.bands) draw(g, "path", { d: this.between(x, low, high, toY), fill: colour(k), "fill-opacity": 0.22 });
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

    tell() {
      if (this.at === null) return this.say([["Point, drag or use the arrow keys to read and zoom", ""]]);
      const error = (e) => (e === null || e === undefined ? "" : ` ± ${Number(e.toPrecision(2))}`);
      return this.say([[this.data.x.label, short(this.at)], ...this.shown().map(([s]) => {
        const i = nearestIn(this.xs(s), this.at);
        return [s.name, short(s.values[i]) + error(s.errors?.[i])];
      })]);
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
