const fs = require("fs");
const [word, ...rest] = fs.readFileSync(0, "utf8").trim().split(" ");

function isReadable(path) {
  try {
    fs.readFileSync(path);
    return true;
  } catch {
    return false;
  }
}

if (word === "add") {
  console.log(Number(rest[0]) + Number(rest[1]));
  process.exitCode = 3;
} else if (word === "fail") {
  throw new Error("failed");
} else if (word === "spin") {
  for (;;) {}
} else if (word === "hog") {
  for (const all = []; ; ) all.push(new Array(1 << 17).fill(0.5));
} else if (word === "reach") {
  console.log(isReadable(rest[0]) ? "file" : "no file");
  const socket = require("net").connect(Number(rest[1]), "127.0.0.1");
  socket.on("connect", () => (console.log("connection"), socket.destroy()));
  socket.on("error", () => console.log("no connection"));
}
