/**
 * `Z_METADATA.Z_PLIST` with what a reader looks for in it: a flat dictionary as a binary property list
 * (CoreFoundation `CFBinaryPList.c`). Written by hand because a run of the stand-in must not load a whole parser.
 */
export function modelPlist(modelVersion: number): Buffer {
  const entries: [string, string | number][] = [
    ["PLModelVersion", modelVersion],
    ["NSStoreType", "SQLite"],
    ["_NSAutoVacuumLevel", "2"],
  ];
  const objects = [
    dictionary(entries.length),
    ...entries.map(([key]) => shortText(key)),
    ...entries.map(([, value]) => (typeof value === "number" ? wholeNumber(value) : shortText(value))),
  ];
  const head = Buffer.from("bplist00", "latin1");
  const offsets: number[] = [];
  let at = head.length;
  for (const object of objects) {
    offsets.push(at);
    at += object.length;
  }
  const trailer = Buffer.alloc(32);
  trailer.writeUInt8(2, 6); // bytes of an offset
  trailer.writeUInt8(1, 7); // bytes of a reference
  trailer.writeUInt32BE(objects.length, 12);
  trailer.writeUInt32BE(at, 28); // where the offsets are
  const table = Buffer.alloc(offsets.length * 2);
  offsets.forEach((offset, index) => {
    table.writeUInt16BE(offset, index * 2);
  });
  return Buffer.concat([head, ...objects, table, trailer]);
}

/** References to keys, then to values: object 0 is the dictionary itself. */
function dictionary(count: number): Buffer {
  return Buffer.from([0xd0 | count, ...Array.from({ length: count * 2 }, (_, index) => index + 1)]);
}

function shortText(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  const marker = bytes.length < 15 ? [0x50 | bytes.length] : [0x5f, 0x10, bytes.length];
  return Buffer.concat([Buffer.from(marker), bytes]);
}

function wholeNumber(value: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt8(0x12, 0);
  bytes.writeUInt32BE(value, 1);
  return bytes;
}

/** `database/DataModelVersion.plist`, the same in every library since Photos 5. */
export const dataModelVersionText = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>LibrarySchemaVersion</key>
	<integer>5001</integer>
	<key>MetaSchemaVersion</key>
	<integer>3</integer>
</dict>
</plist>
`;
