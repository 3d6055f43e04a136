// Which documents a schema accepts: {schema, pointer, documents} on stdin.
const Ajv = require("ajv/dist/2020");
const given = JSON.parse(require("fs").readFileSync(0, "utf8"));
const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allowMatchingProperties: true });
ajv.addSchema(given.schema);
const check = ajv.getSchema(given.schema.$id + given.pointer);
process.stdout.write(JSON.stringify(given.documents.map((document) => check(document))));
