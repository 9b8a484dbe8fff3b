// Plots as inline SVG, drawn for the width there is. Every mark has its numbers as a tooltip.

const seriesClass = (number) => `series s${number % 8}${number >= 8 ? " again" : ""}`;

/** A figure that is drawn anew when its width changes. draw(width) gives an SVG. */
function figure(title, note, draw, legend, heading = "h3") {
  const box = el("div", { class: "plot" });
  let width = 0;
  new ResizeObserver(([entry]) => {
    const now = Math.round(entry.contentRect.width);
    if (now && now !== width) {
      width = now;
      box.replaceChildren(draw(now));
    }
  }).observe(box);
  return el(
    "figure",
    {},
    el("figcaption", {}, el(heading, {}, title), note && el("div", { class: "note" }, note)),
    legend && legendOf(legend),
    box,
  );
}

const legendOf = (labels) =>
  el(
    "ul",
    { class: "legend" },
    labels.map(([label, className]) =>
      el("li", {}, svg("svg", { viewBox: "0 0 12 12", class: "key", "aria-hidden": "true" },
        svg("rect", { x: 1, y: 1, width: 10, height: 10, rx: 2, class: className })), label),
    ),
  );

/** Text cut to what fits; the whole is in the tooltip. */
function fitted(text, width) {
  const most = Math.max(4, Math.floor(width / 7.6));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Bars in groups: [{title, bars: [{value, low, high, series, tip}]}], in two columns where there is room for many. */
function barPlot(grouped, width) {
  const gap = 40;
  if (grouped.length < 4 || width < 760) return barColumn(grouped, 0, width, width);
  const half = Math.ceil(grouped.length / 2);
  const each = (width - gap) / 2;
  const left = barColumn(grouped.slice(0, half), 0, each, width);
  const right = barColumn(grouped.slice(half), each + gap, each, width);
  const height = Math.max(left.height.baseVal.value, right.height.baseVal.value);
  return chart(width, height, BARS, [], [...left.childNodes, ...right.childNodes]);
}

const BARS = "Scores as bars; the table above holds the same numbers";

function barColumn(grouped, x0, size, width) {
  const bar = 16;
  const gap = 5;
  const right = 52;
  const scale = (value) => x0 + value * (size - right);
  const parts = [];
  let y = 0;
  for (const group of grouped) {
    parts.push(svg("text", { x: x0, y: y + 12, class: "group" }, fitted(group.title, size)));
    y += 19;
    for (const one of group.bars) {
      const middle = y + bar / 2;
      const mark = svg("g", { class: "bar" }, svg("title", {}, one.tip));
      mark.append(
        svg("rect", { x: scale(0), y, width: scale(1) - scale(0), height: bar, rx: 3, class: "track" }),
        svg("rect", {
          x: scale(0), y, width: Math.max(1.5, scale(one.value) - scale(0)), height: bar, rx: 3,
          class: seriesClass(one.series),
        }),
      );
      if (one.low !== null) {
        mark.append(
          svg("path", {
            d: `M${scale(one.low)} ${middle}H${scale(one.high)}M${scale(one.low)} ${middle - 4}v8M${scale(one.high)} ${middle - 4}v8`,
            class: "whisker",
          }),
        );
      }
      mark.append(svg("text", { x: x0 + size, y: middle + 4, class: "value", "text-anchor": "end" }, percent(one.value)));
      parts.push(mark);
      y += bar + gap;
    }
    y += 12;
  }
  const bottom = y - 6;
  const axis = [0, 0.25, 0.5, 0.75, 1].map((tick) => [
    svg("line", { x1: scale(tick), x2: scale(tick), y1: 0, y2: bottom, class: "gridline" }),
    svg("text", { x: scale(tick), y: bottom + 16, class: "tick", "text-anchor": tick ? "middle" : "start" },
      `${100 * tick}${tick === 1 ? " %" : ""}`),
  ]);
  return chart(width, bottom + 22, BARS, axis, parts);
}

/** Stacked shares: [{title, note, shares: [{label, value, className, tip, choose}]}]. */
function stackPlot(stacks, width) {
  const parts = [];
  const bar = 20;
  let y = 0;
  for (const stack of stacks) {
    parts.push(
      svg("text", { x: 0, y: y + 13, class: "group" }, fitted(stack.title, width - 90)),
      svg("text", { x: width, y: y + 13, class: "tick", "text-anchor": "end" }, stack.note),
    );
    y += 20;
    const total = stack.shares.reduce((sum, share) => sum + share.value, 0) || 1;
    let x = 0;
    for (const share of stack.shares) {
      const size = (share.value / total) * width;
      const mark = svg(
        "g",
        {
          class: "segment", tabindex: "0", role: "link", "aria-label": share.tip,
          on: { click: share.choose, keydown: (event) => event.key === "Enter" && share.choose() },
        },
        svg("title", {}, share.tip),
        svg("rect", { x: x + 0.5, y, width: Math.max(1, size - 1), height: bar, rx: 2, class: share.className }),
      );
      const text = `${share.value}`;
      if (size > 9 * text.length + 8) {
        mark.append(svg("text", { x: x + size / 2, y: y + 14, class: "inside", "text-anchor": "middle" }, text));
      }
      parts.push(mark);
      x += size;
    }
    y += bar + 14;
  }
  return chart(width, y - 6, "Verdicts of each run; each part leads to its samples", [], parts, "group");
}

/**
 * One column per task and one row per model: [{title, note, shares: [share or null per task]}]. A task's colour is the
 * share of its samples that passed. name(place) and open(place, row) say what a column is and what a click on it does.
 */
function taskMap(rows, tasks, width, { name, open }) {
  const size = 22;
  const step = size + 24;
  const at = (place) => (place / tasks) * width;
  const classes = { solved: (share) => share === 1, some: (share) => share > 0 && share < 1, failed: (share) => share === 0 };
  const parts = rows.flatMap(({ title, note, shares }, number) => {
    const y = number * step + 20;
    const paths = Object.entries(classes).map(([kind, is]) => {
      // Neighbours of one colour are one rectangle: thousands of tasks are a few hundred shapes.
      let path = "";
      for (let place = 0; place < tasks; place++) {
        if (shares[place] === null || !is(shares[place])) continue;
        const from = place;
        while (place + 1 < tasks && shares[place + 1] !== null && is(shares[place + 1])) place++;
        path += `M${at(from)} ${y}H${at(place + 1)}v${size}H${at(from)}Z`;
      }
      return svg("path", { d: path, class: `map-${kind}` });
    });
    return [
      svg("text", { x: 0, y: y - 7, class: "group" }, fitted(title, width - 90)),
      svg("text", { x: width, y: y - 7, class: "tick", "text-anchor": "end" }, note),
      ...paths,
    ];
  });
  const label = "Which tasks each model solves; the lists of samples and differences hold the same";
  const map = chart(width, rows.length * step, label, [], parts);
  const tip = svg("title", {});
  map.prepend(tip);
  const placeOf = (event) => {
    const box = map.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top) / step);
    const place = Math.floor(((event.clientX - box.left) / box.width) * tasks);
    return rows[row] && place >= 0 && place < tasks ? [place, row] : null;
  };
  map.classList.add("map");
  map.addEventListener("pointermove", (event) => {
    const [place, row] = placeOf(event) ?? [];
    const share = place === undefined ? null : rows[row].shares[place];
    tip.textContent = place === undefined ? "" : `${name(place)}: ${share === null ? "no verdict" : `${percent(share)} % passed`} (${rows[row].title})`;
  });
  map.addEventListener("click", (event) => {
    const found = placeOf(event);
    if (found) open(...found);
  });
  return map;
}

/** Lines over x, logarithmic unless `linear`: [{label, series, points: [[x, y]] or [[x, y, low, high]], step}]; y are fractions. */
function linePlot(curves, width, { label, xTitle, ticks, format, linear = false }) {
  const height = Math.round(Math.min(300, Math.max(200, width * 0.5)));
  const left = 38;
  const right = 14;
  const bottom = height - 40;
  const xs = curves.flatMap((curve) => curve.points.map(([x]) => x));
  const scale = linear ? (x) => x : Math.log;
  const low = linear ? 0 : scale(Math.min(...xs));
  const high = Math.max(scale(Math.max(...xs)), low + 0.1);
  const highest = Math.max(...curves.flatMap((curve) => curve.points.map(([, y, , high]) => high ?? y)));
  const top = Math.min(1, Math.ceil((highest + 0.02) * 10) / 10);
  const xAt = (x) => left + ((scale(x) - low) / (high - low)) * (width - left - right);
  const yAt = (y) => bottom - (y / top) * (bottom - 10);
  const axis = [];
  for (let tick = 0; tick <= top + 1e-9; tick += top > 0.5 ? 0.2 : 0.1) {
    axis.push(
      svg("line", { x1: left, x2: width - right, y1: yAt(tick), y2: yAt(tick), class: "gridline" }),
      svg("text", { x: left - 8, y: yAt(tick) + 4, class: "tick", "text-anchor": "end" }, `${Math.round(100 * tick)}`),
    );
  }
  let last = -Infinity;
  for (const tick of ticks.filter((one) => scale(one) >= low - 1e-9 && scale(one) <= high + 1e-9)) {
    if (xAt(tick) - last < 44) continue;
    last = xAt(tick);
    axis.push(svg("text", { x: last, y: bottom + 18, class: "tick", "text-anchor": "middle" }, format(tick)));
  }
  axis.push(svg("text", { x: (left + width - right) / 2, y: height - 4, class: "tick", "text-anchor": "middle" }, xTitle));
  const parts = curves.map((curve) => {
    const path = curve.points
      .map(([x, y], number) => {
        if (!number) return `M${xAt(x)} ${yAt(y)}`;
        return curve.step ? `H${xAt(x)}V${yAt(y)}` : `L${xAt(x)} ${yAt(y)}`;
      })
      .join("");
    const [, end] = curve.points.at(-1);
    const mark = svg("g", { class: seriesClass(curve.series) }, svg("title", {}, `${curve.label}: ${percent(end)} %`));
    if (curve.points[0].length === 4) {
      const low = curve.points.map(([x, , bound]) => `${xAt(x)} ${yAt(bound)}`);
      const high = curve.points.map(([x, , , bound]) => `${xAt(x)} ${yAt(bound)}`);
      mark.append(svg("path", { d: `M${low.join("L")}L${high.reverse().join("L")}Z`, class: "band" }));
    }
    mark.append(svg("path", { d: path + (curve.step ? `H${width - right}` : ""), class: "curve" }));
    if (curve.points.length <= 12) {
      for (const [x, y, least, most] of curve.points) {
        const range = most === undefined ? "" : ` (95 % ${percent(least)} to ${percent(most)})`;
        const tip = svg("title", {}, `${curve.label}, ${format(x)}: ${percent(y)} %${range}`);
        mark.append(svg("circle", { cx: xAt(x), cy: yAt(y), r: 3 }, tip));
      }
    }
    return mark;
  });
  return chart(width, height, label, axis, parts);
}

const chart = (width, height, label, axis, parts, role = "img") =>
  svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role, "aria-label": label },
    svg("g", { class: "axis" }, axis), parts);
