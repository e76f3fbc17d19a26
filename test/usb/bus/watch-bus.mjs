// Runs inside virtual-bus.py: tells what our view of npm `usb` sees, one JSON value a line, until two plug events came.
import { usb } from "usb";
import { nodeUsbBus } from "../../../dist/usb/detection/node-usb-bus.js";

const tell = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const bus = nodeUsbBus();
/** The order of a folder is nobody's promise. */
const phones = async () =>
  (await bus.phones())?.sort((a, b) => a.serialNumber.localeCompare(b.serialNumber)) ?? null;
tell({ phones: await phones() });
const stop = new AbortController();
let told = Promise.resolve();
let events = 0;
const watching = bus.watch(() => {
  events += 1;
  const isLast = events === 2;
  told = told.then(async () => {
    tell({ phones: await phones() });
    if (isLast) stop.abort();
  });
}, stop.signal);
// The package registers its listeners in a queue of its own; only then is nothing missed.
await Promise.race([watching, new Promise((resolve) => setImmediate(resolve))]);
while (usb.listenerCount === 0 && (await bus.phones()) !== null)
  await new Promise((resolve) => setImmediate(resolve));
await usb.nativeEmitterQueue;
tell("listening");
await watching;
tell("over");
