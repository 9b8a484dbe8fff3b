// What is shown is written in the address after "#", so that a view can be kept, sent and gone back to.

const VIEWS = [
  ["overview", "Overview"],
  ["samples", "Samples"],
  ["differences", "Differences"],
  ["runs", "Runs"],
];

function readState() {
  const [view, query] = location.hash.slice(1).split("?");
  const known = VIEWS.some(([name]) => name === view);
  return { view: known ? view : "overview", ...Object.fromEntries(new URLSearchParams(known ? query : "")) };
}

let state = readState();

const address = ({ view, ...rest }) => {
  const kept = Object.entries(rest).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const query = new URLSearchParams(kept).toString();
  return `#${view}${query ? `?${query}` : ""}`;
};

/** Change parts of the state. step: true makes the change one that the browser's Back undoes. */
function change(parts, step = false) {
  const next = address({ ...state, ...parts });
  if (next === location.hash) return;
  if (step) location.hash = next;
  else location.replace(next);
}

/** The rule set that scores and verdicts are shown for. */
const rulesShown = () => (index.rules.includes(state.rules) ? state.rules : index.rules[0]);
