// Scripts for osascript, each a function that sees nothing outside itself: its text is what is sent.

/** Which process macOS holds responsible for each of these, and what app that is. A private call of libSystem. */
export function whoIsResponsible(input) {
  try {
    ObjC.import("AppKit");
    ObjC.bindFunction("responsibility_get_pid_responsible_for_pid", ["int", ["int"]]);
    const value = input.pids.map((pid) => {
      const responsible = Number($.responsibility_get_pid_responsible_for_pid(pid));
      const app = $.NSRunningApplication.runningApplicationWithProcessIdentifier(responsible);
      const bundle = app.isNil() || app.bundleIdentifier.isNil() ? null : app.bundleIdentifier.js;
      return { isItself: responsible === pid, responsible: responsible, bundle: bundle };
    });
    return { ok: true, value: value };
  } catch (e) {
    return { ok: false, number: Number(e.errorNumber || -2700), message: String(e), step: "responsible" };
  }
}

/** The one event of a probe: it counts albums, and changes nothing. Photos is opened by it if it is closed. */
export function countAlbums(_input) {
  try {
    return { ok: true, value: Application("com.apple.Photos").albums.length };
  } catch (e) {
    return { ok: false, number: Number(e.errorNumber || -2700), message: "refused", step: "count albums" };
  }
}

/**
 * Which of the processes that ask a person something have a window now. Names of owners need no right, titles would.
 * That a question of macOS is a window of one of these is unverified on macOS.
 */
export function questionWindows(_input) {
  try {
    ObjC.import("CoreGraphics");
    const asking = [
      "UserNotificationCenter",
      "SecurityAgent",
      "universalAccessAuthWarn",
      "CoreServicesUIAgent",
    ];
    const windows = ObjC.castRefToObject($.CGWindowListCopyWindowInfo(1, 0));
    const owners = [];
    for (let at = 0; at < Number(windows.count); at++) {
      const owner = String(windows.objectAtIndex(at).objectForKey("kCGWindowOwnerName").js);
      if (asking.indexOf(owner) >= 0 && owners.indexOf(owner) < 0) owners.push(owner);
    }
    return { ok: true, value: owners };
  } catch (e) {
    return { ok: false, number: Number(e.errorNumber || -2700), message: String(e), step: "windows" };
  }
}

/** Shows a notice under the name of whoever macOS takes this for. */
export function showNotice(input) {
  try {
    const app = Application.currentApplication();
    app.includeStandardAdditions = true;
    app.displayNotification(input.text, { withTitle: "Rollcall probe" });
    return { ok: true, value: "sent" };
  } catch (e) {
    return { ok: false, number: Number(e.errorNumber || -2700), message: String(e), step: "notice" };
  }
}
