import { afterEach, beforeEach } from "vitest";
import { FakeMac } from "../integrations/fake-mac.js";

export interface MacAsHome {
  readonly mac: FakeMac;
  /** Another one in its place, for the test that runs now. */
  faults(faulty: ConstructorParameters<typeof FakeMac>[0]): void;
}

/** For each test of a file a Mac of its own, on which this process's user is at home. */
export function macAsHome(): MacAsHome {
  const { HOME } = process.env;
  let mac: FakeMac | null = null;
  const faults: MacAsHome["faults"] = (faulty) => {
    mac?.[Symbol.dispose]();
    mac = new FakeMac(faulty);
    process.env.HOME = mac.home;
  };
  beforeEach(() => faults({}));
  afterEach(() => {
    if (HOME === undefined) delete process.env.HOME;
    else process.env.HOME = HOME;
    mac?.[Symbol.dispose]();
    mac = null;
  });
  return {
    get mac() {
      return mac!;
    },
    faults,
  };
}
