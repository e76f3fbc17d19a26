# Written by rollcall setup, for Rollcall.app.
node='/opt/homebrew/opt/node/bin/node'
program='/opt/homebrew/lib/node_modules/rollcall/dist/integrations/app/take-job.js'
export ROLLCALL_STARTED_FROM='agent'
if [ ! -x "$node" ] || [ ! -r "$program" ]; then
  case "${1-}" in opened | reopened) printf '%s' 'tell {"title":"Rollcall is no longer where it was.","body":"Install it again, in the way in which it was installed before."}'; exit 0 ;; esac
  echo "Rollcall is no longer where it was. Open Terminal and run: rollcall setup agent, or rollcall setup app" >&2
  exit 1
fi
exec "$node" "$program" '/Users/anna/Library/Application Support/Rollcall/app' '/opt/homebrew/lib/node_modules/rollcall/dist/main.js' "$@"
