import { expect, test } from "vitest";
import { makeProgram } from "../../src/cli/program.js";
import { VIRTUAL_PHONE_STATES } from "../../src/virtual/iphone/phone-state.js";

test("the help of demo phone names every state that the virtual iPhone can be in", () => {
  const demo = makeProgram(() => {}).commands.find((one) => one.name() === "demo");
  const phone = demo?.commands.find((one) => one.name() === "phone");
  const state = phone?.options.find(({ long }) => long === "--state");
  expect(state?.description.split(", ")).toEqual(Object.keys(VIRTUAL_PHONE_STATES));
});
