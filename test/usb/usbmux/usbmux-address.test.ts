import { expect, test } from "vitest";
import { RollcallError } from "../../../src/errors.js";
import { usbmuxAddress } from "../../../src/usb/usbmux/usbmux-address.js";

test.each([
  [undefined, { path: "/var/run/usbmuxd" }],
  ["", { path: "/var/run/usbmuxd" }],
  ["UNIX:/tmp/mux", { path: "/tmp/mux" }],
  ["UNIX:///tmp/mux", { path: "/tmp/mux" }],
  ["unix:///tmp/a b:c", { path: "/tmp/a b:c" }],
  ["/tmp/mux", { path: "/tmp/mux" }],
  ["127.0.0.1:27015", { host: "127.0.0.1", port: 27015 }],
  ["tcp://mac.local:27015", { host: "mac.local", port: 27015 }],
  ["[::1]:27015", { host: "::1", port: 27015 }],
])("USBMUXD_SOCKET_ADDRESS=%s means %o", (setting, address) => {
  expect(usbmuxAddress(setting)).toEqual(address);
});

test.each([
  "mux",
  "UNIX:",
  "UNIX:relative",
  "host:",
  "host:0",
  "host:70000",
  ":27015",
  "http://host:80/x",
  "::1:27015",
])("USBMUXD_SOCKET_ADDRESS=%s is bad usage and says what to write", (setting) => {
  const read = () => usbmuxAddress(setting);
  expect(read).toThrow(RollcallError);
  expect(read).toThrow(
    expect.objectContaining({ code: "BAD_USAGE", remedy: expect.stringContaining("UNIX:/") }),
  );
});
