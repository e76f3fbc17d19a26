import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ANSWERS } from "../../src/receipt/answer.js";
import { answerSchema } from "../../src/receipt/answer-schema.js";
import { RECEIPT_FORMAT, receiptHeadSchema, receiptJsonSchema } from "../../src/receipt/receipt.js";

const top = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const fileName = `receipt-${RECEIPT_FORMAT}.schema.json`;
const published = () => JSON.parse(readFileSync(join(top, "schemas", fileName), "utf8"));

describe("the published JSON Schema of the receipt", () => {
  it("receipts are checked against it (if not: npm run build && node scripts/write-receipt-schema.mjs)", () => {
    expect(published()).toEqual(JSON.parse(JSON.stringify(receiptJsonSchema())));
  });

  it("goes out with the package, one file for each format", () => {
    const { files } = JSON.parse(readFileSync(join(top, "package.json"), "utf8"));
    expect(files).toContain("schemas");
    expect(readdirSync(join(top, "schemas"))).toContain(fileName);
  });

  it("requires every field but the newest, allows unknown fields, and knows each answer", () => {
    const schema = published();
    const added = ["leftToICloud", "phoneLibrary", "previous", "sameAnswersAs"]; // receipts of older versions lack them
    const said = ["belongsTo", "cloud", "burst", "takenAt", "notInPhoneLibrary", "sizeSaidBytes", "name"]; // where there is something to say
    const demanded = Object.keys(receiptHeadSchema.shape).filter((field) => !added.includes(field));
    expect(schema.required).toEqual([...demanded, "answers"]);
    expect(schema.properties).toMatchObject(Object.fromEntries(added.map((field) => [field, {}])));
    const answer = schema.properties.answers.items;
    expect([...answer.required, ...said]).toEqual(Object.keys(answerSchema.shape));
    for (const object of [schema, answer]) expect(object.additionalProperties).toEqual({});
    expect(answer.properties.answer.enum).toEqual([...ANSWERS]);
    expect(schema.properties.totals.properties.byAnswer.required).toEqual([...ANSWERS]);
  });
});
