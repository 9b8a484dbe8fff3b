// Elements. Text enters the page through text nodes only, so nothing that a model wrote can become markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** A row of buttons of which one is pressed: [[value, label], ...]. */
function choice(label, options, chosen, choose) {
  const buttons = options.map(([value, text]) =>
    el("button", { type: "button", "aria-pressed": String(value === chosen), on: { click: () => choose(value) } }, text),
  );
  return el("div", { class: "choice", role: "group", "aria-label": label }, buttons);
}

/** A labelled drop-down: [[value, label], ...]. */
function dropDown(label, options, chosen, choose) {
  const list = el("select", { on: { change: (event) => choose(event.target.value) } });
  for (const [value, text] of options) list.append(el("option", { value, selected: value === chosen }, text));
  return el("label", { class: "field" }, el("span", {}, label), list);
}
