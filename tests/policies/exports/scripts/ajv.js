// A line with {schema, pointer, documents} is answered with whether ajv, in its strict mode, accepts each document.
const Ajv = require("ajv/dist/2020");
const lines = require("readline").createInterface({ input: process.stdin });

function answer(given) {
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allowMatchingProperties: true });
  ajv.addSchema(given.schema);
  const check = ajv.getSchema(given.schema.$id + given.pointer);
  return given.documents.map((document) => check(document));
}

lines.on("line", (line) => {
  let found;
  try {
    found = { answer: answer(JSON.parse(line)) };
  } catch (error) {
    found = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(found) + "\n");
});
