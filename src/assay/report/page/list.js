// A table of any length: only the rows in sight exist. Arrow keys move, Enter opens.

/**
 * columns: [{key, title, width, from, className}], shown where the list is at least `from` pixels wide.
 * cells(row): what stands in the columns of a row. open(row): Enter or a click. active: the place that is chosen, or -1.
 * sort: {key, down} and onSort(key): the order there is, and what to do for another; without them it is fixed.
 */
function virtualList({ label, columns, rows, cells, open, sort, onSort, active = -1 }) {
  const COMPACT_BELOW = 620;
  const head = el("div", { class: "row head", role: "row", "aria-rowindex": "1" });
  const body = el("div", { class: "rows", role: "rowgroup" });
  const grid = el(
    "div",
    { class: "list", role: "grid", tabindex: "0", "aria-label": label, "aria-rowcount": String(rows.length + 1) },
    el("div", { class: "heads", role: "rowgroup" }, head),
    body,
  );
  const made = new Map();
  const twoLines = columns.some((column) => column.className === "c-detail");
  let shown = [];
  let height = 38;

  /** Which columns there is room for. Narrow lists have their cells in two lines. */
  function arrange() {
    const width = grid.clientWidth || innerWidth;
    const compact = twoLines && width < COMPACT_BELOW;
    const now = columns.flatMap((column, number) => (width >= (column.from ?? 0) ? [number] : []));
    if (now.join() === shown.join() && compact === grid.classList.contains("compact") && head.firstChild) return draw();
    shown = now;
    height = compact ? 58 : 38;
    grid.classList.toggle("compact", compact);
    grid.style.setProperty("--columns", shown.map((number) => columns[number].width).join(" "));
    body.style.height = `${rows.length * height}px`;
    head.replaceChildren(...shown.map((number) => heading(columns[number])));
    made.forEach((row) => row.remove());
    made.clear();
    if (active >= 0) reveal();
    else draw();
  }

  function heading({ key, title, className }) {
    if (!onSort) return el("div", { role: "columnheader", class: className }, title);
    const order = sort.key === key ? (sort.down ? "descending" : "ascending") : "none";
    const button = el("button", { type: "button", on: { click: () => onSort(key) } }, title);
    return el("div", { role: "columnheader", class: className, "aria-sort": order }, button);
  }

  function makeRow(place) {
    const parts = cells(rows[place]);
    const choose = () => {
      select(place);
      open(rows[place]);
    };
    const row = el(
      "div",
      { class: "row", role: "row", id: `row-${place}`, "aria-rowindex": String(place + 2), on: { click: choose } },
      shown.map((number) => el("div", { role: "gridcell", class: columns[number].className }, parts[number])),
    );
    row.style.top = `${place * height}px`;
    row.style.height = `${height}px`;
    return row;
  }

  /** How much of the body is in sight: the headings stay above it. */
  const inSight = () => Math.max(0, grid.clientHeight - head.offsetHeight);

  function draw() {
    const from = Math.max(0, Math.floor(grid.scrollTop / height) - 8);
    const to = Math.min(rows.length, Math.ceil((grid.scrollTop + inSight()) / height) + 8);
    for (const [place, row] of made) {
      if (place < from || place >= to) {
        row.remove();
        made.delete(place);
      }
    }
    for (let place = from; place < to; place++) {
      if (!made.has(place)) {
        const row = makeRow(place);
        made.set(place, row);
        body.append(row);
      }
      made.get(place).setAttribute("aria-selected", String(place === active));
    }
    if (made.has(active)) grid.setAttribute("aria-activedescendant", `row-${active}`);
    else grid.removeAttribute("aria-activedescendant");
  }

  function select(place) {
    if (!rows.length) return;
    if (!head.firstChild) arrange();
    active = Math.max(0, Math.min(rows.length - 1, place));
    reveal();
  }

  /** Scroll to the chosen row if it is out of sight. */
  function reveal() {
    if (active * height < grid.scrollTop) grid.scrollTop = active * height;
    const lowest = (active + 1) * height - inSight();
    if (inSight() && grid.scrollTop < lowest) grid.scrollTop = lowest;
    draw();
  }

  grid.addEventListener("scroll", () => requestAnimationFrame(draw));
  grid.addEventListener("keydown", (event) => {
    if (event.target !== grid) return; // a heading
    const page = Math.max(1, Math.floor(inSight() / height) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -rows.length, End: rows.length };
    if (event.key in steps) select(active + steps[event.key]);
    else if (event.key === "Enter" && active >= 0) open(rows[active]);
    else return;
    event.preventDefault();
  });
  new ResizeObserver(arrange).observe(grid);
  return { node: grid, focus: () => grid.focus(), select, place: () => active, rows };
}
