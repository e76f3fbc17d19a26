/**
 * The whole source of Rollcall.app, JavaScript for Automation. The app exists for its identity: launchd's own node is
 * most likely refused Photos without a question, while what an app starts is judged as that app.
 *
 * It knows as little as possible, because macOS takes a changed app for another one: `start.sh` beside its jobs says
 * what to do, and may change with every version. The app says `opened` to it at its start, `reopened WORDS` when it is
 * opened again while something is under way, and goes by the first word of the reply:
 *
 * | reply | the app |
 * |---|---|
 * | `ask` | sends Photos one harmless event, so that the permission prompt names it, and says `asked NUMBER next` |
 * | `show JSON` | shows a notification with that title and body, stays a moment, and asks `next` |
 * | `tell JSON` | shows a window with that title and body, which closes by itself after ten minutes, and quits |
 * | `poll SECONDS WORDS` | says `poll WORDS` after that time: something that it is responsible for is under way |
 * | anything else | quits |
 *
 * It stays open (`osacompile -s`), and each script that it runs is short: so it answers Quit at logout, and no limit on
 * the time of a script reaches an import. When it is told to quit it says `quit WORDS` first.
 * Unverified on macOS: that `idle` is called as soon as `run` has returned, and again after the seconds that it returns;
 * that a double click on an app that is open calls `reopen`;
 * that variables live from one call to the next; that `quit` ends it by returning true. Where one of these is otherwise
 * the import goes on all the same: it is a process of its own.
 *
 * An error that escapes would stand in a window, and the app with it, until somebody presses a button: none does. Who
 * asked sees that the job was not taken. A window is for who opened the app by a double click, and waits for an answer.
 *
 * Text and not a function, so that no compiler's upgrade changes a byte of it.
 */
export const APPLET = `var app = Application.currentApplication();
app.includeStandardAdditions = true;
var start = '/bin/sh "$HOME/Library/Application Support/Rollcall/app/start.sh" ';
var say = "opened";
var underWay = "";
var notBefore = 0;
var failures = 0;
var isLeaving = false;

function run() {
  step();
}

function reopen() {
  isLeaving = false;
  say = underWay === "" ? "opened" : "reopened " + underWay;
  step();
}

function idle() {
  if (Date.now() < notBefore) return 1;
  if (say === "") leave();
  else step();
  return Math.max(1, Math.ceil((notBefore - Date.now()) / 1000));
}

function quit() {
  if (underWay === "") return true;
  try {
    app.doShellScript(start + "quit " + underWay);
  } catch (error) {}
  return true;
}

function step() {
  var reply = "";
  try {
    reply = app.doShellScript(start + say);
    failures = 0;
  } catch (error) {
    failures += 1;
    if (underWay !== "" && failures < 5) return pause(10);
  }
  underWay = "";
  var poll = /^poll ([0-9]{1,3}) ([0-9A-Za-z.-]+(?: [0-9A-Za-z.-]+)*)$/.exec(reply);
  if (poll !== null) {
    underWay = poll[2];
    say = "poll " + underWay;
    return pause(Number(poll[1]));
  }
  if (reply === "ask") {
    say = "asked " + ask() + " next";
    return step();
  }
  if (reply.indexOf("show ") === 0) {
    show(reply.slice(5));
    say = "next";
    return pause(2);
  }
  if (reply.indexOf("tell ") === 0) tell(reply.slice(5));
  say = "";
}

function pause(seconds) {
  notBefore = Date.now() + seconds * 1000;
}

function ask() {
  try {
    Application("Photos").albums.length;
    return 0;
  } catch (error) {
    return typeof error.errorNumber === "number" ? error.errorNumber : -2700;
  }
}

function show(text) {
  try {
    var notice = JSON.parse(text);
    app.displayNotification(notice.body, { withTitle: notice.title });
  } catch (error) {}
}

function tell(text) {
  try {
    var notice = JSON.parse(text);
    app.activate();
    app.displayAlert(notice.title, { message: notice.body, as: "warning", buttons: ["OK"], defaultButton: "OK", givingUpAfter: 600 });
  } catch (error) {}
}

function leave() {
  try {
    if (isLeaving) {
      ObjC.import("stdlib");
      $.exit(0);
    }
    isLeaving = true;
    app.quit();
  } catch (error) {}
}
`;
