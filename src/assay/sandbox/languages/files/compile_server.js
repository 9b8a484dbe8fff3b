// The warm TypeScript compiler of Assay: compiles one program after another and runs none. It is jailed like any program.
//
// On stdin and stdout, frames: a 4-byte size, then files, each as a 4-byte name size, an 8-byte size, name and content.
// A request holds "flags" (tsc options, one a line), then the sources. An answer holds "status", "messages", and what was
// compiled. The one argument is the folder of the typescript package.
"use strict";
const fs = require("fs");
const ts = require(process.argv[2]);

const libraries = new Map(); // "version/path" -> parsed declarations of the standard library, the same for all programs

function compile(files) {
  const flags = files.get("flags").toString().split("\n").filter((flag) => flag);
  files.delete("flags");
  const names = [...files.keys()];
  const { options, errors } = ts.parseCommandLine([...flags, ...names.filter((name) => /\.tsx?$/.test(name))]);
  options.skipDefaultLibCheck = true; // its own files have no errors; those it makes in a program are found there
  const made = new Map();
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getCurrentDirectory = () => "/tmp/work";
  const own = (name) => files.get(name.replace(/^(\/tmp\/work\/|\.\/)/, ""));
  host.fileExists = (name) => own(name) !== undefined || fileExists(name);
  host.readFile = (name) => own(name)?.toString() ?? readFile(name);
  host.getSourceFile = (name, version, onError) => {
    const text = own(name);
    if (text !== undefined) return ts.createSourceFile(name, text.toString(), version);
    const key = `${JSON.stringify(version)}/${name}`;
    if (!libraries.has(key)) libraries.set(key, getSourceFile(name, version, onError));
    return libraries.get(key);
  };
  host.writeFile = (name, text) => made.set(name.replace(/^\/tmp\/work\//, ""), Buffer.from(text));
  const program = ts.createProgram({ rootNames: names.filter((name) => /\.tsx?$/.test(name)), options, host });
  const found = [...errors, ...ts.getPreEmitDiagnostics(program)];
  const emitted = program.emit();
  const all = ts.sortAndDeduplicateDiagnostics([...found, ...emitted.diagnostics]);
  const messages = ts.formatDiagnostics(all, {
    getCurrentDirectory: host.getCurrentDirectory,
    getCanonicalFileName: (name) => name,
    getNewLine: () => "\n",
  });
  const status = all.length === 0 ? 0 : emitted.emitSkipped ? 1 : 2; // as tsc does
  return new Map([["status", Buffer.from(String(status))], ["messages", Buffer.from(messages)], ...made]);
}

function unpack(data) {
  const files = new Map();
  for (let at = 0; at < data.length; ) {
    const nameSize = data.readUInt32BE(at);
    const begin = at + 12 + nameSize;
    const end = begin + Number(data.readBigUInt64BE(at + 4));
    files.set(data.toString("utf8", at + 12, begin), data.subarray(begin, end));
    at = end;
  }
  return files;
}

function pack(files) {
  const parts = [];
  for (const [name, content] of files) {
    const head = Buffer.alloc(12);
    head.writeUInt32BE(Buffer.byteLength(name));
    head.writeBigUInt64BE(BigInt(content.length), 4);
    parts.push(head, Buffer.from(name), content);
  }
  return Buffer.concat(parts);
}

function readExactly(count) {
  const data = Buffer.alloc(count);
  for (let at = 0; at < count; ) {
    const got = fs.readSync(0, data, at, count - at, null);
    if (got === 0) process.exit(0);
    at += got;
  }
  return data;
}

for (;;) {
  const answer = pack(compile(unpack(readExactly(readExactly(4).readUInt32BE(0)))));
  const size = Buffer.alloc(4);
  size.writeUInt32BE(answer.length);
  for (const data of [size, answer]) for (let at = 0; at < data.length; ) at += fs.writeSync(1, data, at);
}
