import { RollcallError } from "../errors.js";

/** @param name of the phone, where it is known */
export function notApproved(name = ""): RollcallError {
  const phone = name === "" ? "This iPhone" : name;
  return new RollcallError("PHONE_NOT_APPROVED", {
    message: `${phone} was not approved, so nothing was read from it.`,
    remedy: `rollcall watch --approve ${name === "" ? "NAME" : JSON.stringify(name)} approves it; so does the first rollcall import in a terminal.`,
  });
}
