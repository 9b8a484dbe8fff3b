// A text as numbered, coloured lines. Characters that cannot be seen are named, so that they cannot mislead.

const FOLDED_LINES = 48;
// Controls, directions (a bidirectional override can make code read otherwise than it runs), halves of surrogates.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

function withUnseen(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (match[0] === "\t") continue;
    if (match.index > end) parts.push(text.slice(end, match.index));
    const name = `U+${match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    parts.push(el("span", { class: "unseen", title: "a character that cannot be seen" }, name));
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/** language: "" for plain text. marked: numbers of lines (from 0) that are set off. */
function codeBlock(text, language, label, marked = new Set()) {
  const plain = text.replaceAll("\r\n", "\n").replace(/\n+$/, "");
  const tokens = language ? highlight(plain, language) : [["", plain]];
  const lines = [];
  const newLine = () => {
    const line = el("span", { class: marked.has(lines.length) ? "line marked" : "line" });
    lines.push(line);
    return line;
  };
  let line = newLine();
  for (const [kind, token] of tokens) {
    token.split("\n").forEach((piece, number) => {
      if (number) {
        line.append("\n");
        line = newLine();
      }
      const parts = piece ? withUnseen(piece) : [];
      if (kind && parts.length) line.append(el("span", { class: `t-${kind}` }, parts));
      else line.append(...parts);
    });
  }
  const code = el("pre", { class: "code", tabindex: "0", "aria-label": label }, el("code", {}, lines));
  if (lines.length <= FOLDED_LINES + 8) return code;
  code.classList.add("folded");
  const more = el("button", { type: "button", class: "more" }, `Show all ${lines.length} lines`);
  more.addEventListener("click", () => {
    code.classList.remove("folded");
    more.remove();
    code.focus();
  });
  return el("div", {}, code, more);
}
