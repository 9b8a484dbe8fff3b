// Numbers as people write them.

const percent = (fraction) => (100 * fraction).toFixed(1);
const many = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

/** Microseconds as 1.5 ms or 2.31 s. */
function duration(us) {
  if (us < 1e3) return us === 0 ? "–" : `${us} µs`;
  if (us < 1e6) return `${(us / 1e3).toFixed(us < 1e4 ? 1 : 0)} ms`;
  return `${(us / 1e6).toFixed(us < 1e7 ? 2 : 1)} s`;
}

/** KiB as 11.6 MiB. */
function memory(kib) {
  if (!kib) return "–";
  const mib = kib / 1024;
  if (mib >= 1024) return `${(mib / 1024).toFixed(2)} GiB`;
  return `${mib.toFixed(mib < 100 ? 1 : 0)} MiB`;
}

const words = (kind) => kind.replaceAll("_", " ");
