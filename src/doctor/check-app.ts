import { type Action, advise, type Remedy } from "../remedy.js";
import { type Check, NOT_HERE } from "./check.js";
import { type Finding, note, ok, trouble } from "./finding.js";
import { AUTOMATION } from "./settings-panes.js";

const ASKING_MS = 5_000;
const SET_UP_APP: Action = { action: "setup", what: "app" };
const AGAIN = advise`Run ${{ action: "setup", what: "agent" }} again`;
const ANEW = advise`Run ${{ action: "setup", what: "app", removes: true }}, then ${SET_UP_APP}: macOS asks anew.`;

/** The app that the agent imports through, and that opens the page. Whether macOS lets it control Photos is asked of the last run (`--from agent`). */
export const checkApp: Check = {
  id: "app",
  question: "Rollcall.app",
  deadlineMs: ASKING_MS,
  blocks: null,
  async look({ setUps, from }) {
    if (setUps === null) return [note(NOT_HERE)];
    const { app, agent } = setUps;
    const wrong = (finding: string, remedy: Remedy): Finding =>
      from === "agent"
        ? trouble("permission", finding, remedy, AUTOMATION)
        : note(finding, remedy, AUTOMATION);
    const isAlone = agent.file() === null && from !== "agent";
    switch (app.state()) {
      case "absent":
        if (isAlone) return [ok("not set up", SET_UP_APP)];
        return [wrong("gone: most likely macOS refuses Photos to the agent's own node", advise`${AGAIN}.`)];
      case "of-somebody-else":
        return [
          note(
            `${app.path} is not one that Rollcall made`,
            advise`${{ action: "setup", what: "agent" }} says more.`,
          ),
        ];
      case "earlier":
        return [
          note(
            "made by an earlier Rollcall; it still imports",
            advise`${isAlone ? advise`Run ${SET_UP_APP} again` : AGAIN}: macOS asks once more about Photos.`,
          ),
        ];
      case "not-allowed-yet":
        if (isAlone) return [ok("as it was made; macOS asks about Photos at its first import")];
        return [
          wrong("macOS has not let it control Photos yet", advise`${AGAIN}, and press OK when macOS asks.`),
        ];
      case "changed":
        return [
          wrong(
            "another build than macOS allowed: System Settings shows it as allowed, and macOS refuses it",
            isAlone ? ANEW : advise`${AGAIN}: it has macOS forget the earlier build, and ask anew.`,
          ),
        ];
      case "allowed":
        return [ok("as it was made; macOS let it control Photos")];
    }
  },
};
