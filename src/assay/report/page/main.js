// Puts the views together, follows the address, and listens to keys.

const main = document.getElementById("main");
let queued = [];
const afterDrawing = (task) => queued.push(task);

const PAGES = { overview, samples: () => [samplesPage()], differences, runs: runCards };
let drawn = "";

function draw() {
  state = readState();
  document.getElementById("views").replaceChildren(
    ...VIEWS.map(([view, title]) => el("a", { href: address({ view, rules: state.rules }), "aria-current": view === state.view ? "page" : null }, title)),
  );
  document.body.dataset.view = state.view;
  const nodes = PAGES[state.view]().flat(Infinity).filter(Boolean);
  if (nodes.length !== 1 || main.firstChild !== nodes[0]) main.replaceChildren(...nodes);
  if (drawn !== state.view) {
    scrollTo(0, 0);
    drawn = state.view;
  }
  const tasks = queued;
  queued = [];
  tasks.forEach((task) => task());
}

const KEYS = [
  ["1 2 3 4", "the views"],
  ["/", "search"],
  ["↑ ↓ Home End", "move in a list"],
  ["Enter", "open"],
  ["j k", "next and previous sample"],
  ["Esc", "close"],
  ["?", "these keys"],
];

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.getElementById("keys").open) return;
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "Escape") {
    if (typing) typing.blur();
    else if (state.view === "samples" && state.open) closeSample();
    else if (state.view === "differences" && state.task) change({ task: "" });
    return;
  }
  if (typing) return;
  if (/^[1-4]$/.test(event.key)) location.hash = address({ view: VIEWS[event.key - 1][0], rules: state.rules });
  else if (event.key === "?") showKeys();
  else if (event.key === "/" && state.view === "samples") document.getElementById("search").focus();
  else if (event.key === "j" && state.view === "samples") stepSample(1);
  else if (event.key === "k" && state.view === "samples") stepSample(-1);
  else return;
  event.preventDefault();
}

function showKeys() {
  const box = document.getElementById("keys");
  box.replaceChildren(
    el("h2", { id: "keys-title" }, "Keys"),
    el("dl", {}, KEYS.map(([keys, text]) => el("div", {}, el("dt", {}, keys.split(" ").map((key) => el("kbd", {}, key))), el("dd", {}, text)))),
    el("form", { method: "dialog" }, el("button", {}, "Close")),
  );
  box.showModal();
}

/** Light, dark or as the system has it: three states in turn. */
function turnTheme() {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = root.dataset.theme ?? (dark ? "dark" : "light");
  root.dataset.theme = now === "dark" ? "light" : "dark";
}

addEventListener("hashchange", draw);
addEventListener("keydown", pressed);
document.getElementById("help").addEventListener("click", showKeys);
document.getElementById("theme").addEventListener("click", turnTheme);
draw();
document.documentElement.dataset.ready = "true";
