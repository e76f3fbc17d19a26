import { osascript } from "./osascript.js";

// The program behind the executable of `write-osascript.ts`: library first, then osascript's own arguments.
const [libraryPath = "", ...args] = process.argv.slice(2);
// Ends at once, without closing the library: like Photos itself it leaves its last writes in the write-ahead log.
process.exit(osascript(libraryPath, args));
