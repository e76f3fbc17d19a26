// Started by bench.mjs: reads every item of a library, or every byte of a file.
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { openLibraryDatabase } from "../dist/originals/library-database.js";
import { readFileOnce } from "../dist/originals/read-file-once.js";

const [what, path] = process.argv.slice(2);
if (what === "items") {
  const database = await openLibraryDatabase(path, { workFolder: tmpdir() });
  let present = 0;
  for (const { resources } of database.items())
    for (const { isPresent } of resources) if (isPresent) present += 1;
  await database[Symbol.asyncDispose]();
  if (present === 0) throw new Error("nothing was read");
} else {
  const file = await open(path);
  await readFileOnce(file);
  await file.close();
}
