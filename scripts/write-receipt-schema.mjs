// Writes the JSON Schema of the receipt, which is published with the package, from what the built code
// checks receipts against. Run it after a change of the receipt, and commit what it wrote.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const top = dirname(dirname(fileURLToPath(import.meta.url)));

let built;
try {
  built = await import("../dist/receipt/receipt.js");
} catch (error) {
  console.error(`error: there is no built code (${error.message})\nhint: npm run build`);
  process.exit(1);
}
const file = join(top, "schemas", `receipt-${built.RECEIPT_FORMAT}.schema.json`);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(built.receiptJsonSchema(), null, 2)}\n`);
console.log(file);
