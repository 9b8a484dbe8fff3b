declare function require(name: string): any;
declare const process: any;

const fs = require("fs");
const words: string[] = fs.readFileSync(0, "utf8").trim().split(" ");

function isReadable(path: string): boolean {
  try {
    fs.readFileSync(path);
    return true;
  } catch (refused) {
    return false;
  }
}

if (words[0] === "add") {
  const sum: number = Number(words[1]) + Number(words[2]);
  console.log(sum);
  process.exitCode = 3;
} else if (words[0] === "fail") {
  throw new Error("failed");
} else if (words[0] === "spin") {
  for (;;) {}
} else if (words[0] === "hog") {
  const all: number[][] = [];
  for (;;) {
    const more: number[] = new Array(1 << 17);
    for (let i = 0; i < more.length; i++) more[i] = 0.5;
    all.push(more);
  }
} else if (words[0] === "reach") {
  console.log(isReadable(words[1]) ? "file" : "no file");
  const socket = require("net").connect(Number(words[2]), "127.0.0.1");
  socket.on("connect", () => (console.log("connection"), socket.destroy()));
  socket.on("error", () => console.log("no connection"));
}
