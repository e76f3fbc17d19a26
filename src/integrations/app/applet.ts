/**
 * The whole source of Rollcall.app, JavaScript for Automation. The app exists for its identity: launchd's own node is
 * most likely refused Photos without a question, while what an app starts is judged as that app.
 *
 * It knows as little as possible, because macOS takes a changed app for another one: `start.sh` beside its jobs says
 * what to do, and may change with every version. That prints "ask" where the app itself is to send Photos one
 * harmless event, so that the permission prompt names it, and is told the error number then; "show" with a title and a
 * body where it is to show a notification, for which it has to stay a moment (unverified on macOS).
 *
 * An error that escapes would stand in a window, and the app with it, until somebody presses a button: none does. Who
 * asked sees that the job was not taken.
 *
 * Text and not a function, so that no compiler's upgrade changes a byte of it.
 */
export const APPLET = `function run() {
  var app = Application.currentApplication();
  app.includeStandardAdditions = true;
  var start = '/bin/sh "$HOME/Library/Application Support/Rollcall/app/start.sh"';
  var wanted = "";
  try {
    wanted = app.doShellScript(start);
  } catch (error) {
    return;
  }
  if (wanted.indexOf("show ") === 0) {
    try {
      var notice = JSON.parse(wanted.slice(5));
      app.displayNotification(notice.body, { withTitle: notice.title });
      delay(2);
    } catch (error) {
      return;
    }
  }
  if (wanted !== "ask") return;
  var number = 0;
  try {
    Application("Photos").albums.length;
  } catch (error) {
    number = typeof error.errorNumber === "number" ? error.errorNumber : -2700;
  }
  try {
    app.doShellScript(start + " asked " + number);
  } catch (error) {
    return;
  }
}
`;
