// A line with {files: {name: text}} is answered with {name: [[line, message], ...]}: what TypeScript's compiler says of
// each file in strict mode. With {run: text}: what the compiled module exports.
const ts = require("typescript");
const lines = require("readline").createInterface({ input: process.stdin });
const options = {
  strict: true,
  noEmit: true,
  target: ts.ScriptTarget.ES2020,
  module: ts.ModuleKind.CommonJS,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  isolatedModules: true,
};
const known = new Map();

function compile(files) {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, target) => {
    const base = name.replace(/^.*\//, "");
    if (base in files) return ts.createSourceFile(name, files[base], target);
    if (!known.has(name)) known.set(name, read(name, target));
    return known.get(name);
  };
  host.fileExists = (name) => name.replace(/^.*\//, "") in files || ts.sys.fileExists(name);
  const found = Object.fromEntries(Object.keys(files).map((name) => [name, []]));
  const program = ts.createProgram(Object.keys(files), options, host);
  for (const each of ts.getPreEmitDiagnostics(program)) {
    const name = each.file ? each.file.fileName.replace(/^.*\//, "") : "";
    const line = each.file ? each.file.getLineAndCharacterOfPosition(each.start).line + 1 : 0;
    (found[name] ??= []).push([line, ts.flattenDiagnosticMessageText(each.messageText, "\n")]);
  }
  return found;
}

function run(text) {
  const made = { exports: {} };
  const compiled = ts.transpile(text, { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2020 });
  new Function("module", "exports", compiled)(made, made.exports);
  return made.exports;
}

lines.on("line", (line) => {
  let found;
  try {
    const given = JSON.parse(line);
    found = { answer: "run" in given ? run(given.run) : compile(given.files) };
  } catch (error) {
    found = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(found) + "\n");
});
