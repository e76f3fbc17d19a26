import { expect, test } from "vitest";
import { CommandHarness } from "../stories/command-harness.js";
import { startExample } from "./example.js";

test("the example says what it waits for, and stops when it is told to", async () => {
  await using harness = new CommandHarness();
  await harness.plugIn({ state: "network-only" });
  const { child, ended } = await startExample(harness);
  child.stderr.once("data", () => child.kill("SIGINT"));
  const { stderr, exitCode } = await ended;
  expect(stderr.split("\n")).toEqual([
    expect.stringMatching(/^The iPhone is reachable over Wi-Fi only\. Connect it with a cable\./),
    "STOPPED: Stopped, as asked. Run the same command again: it resumes where it stopped.",
  ]);
  expect(exitCode).toBe(1);
});
