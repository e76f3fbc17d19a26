# Written by rollcall setup agent, for Rollcall.app.
node='/opt/homebrew/opt/node/bin/node'
program='/opt/homebrew/lib/node_modules/rollcall/dist/integrations/app/take-job.js'
export ROLLCALL_STARTED_FROM='agent'
if [ ! -x "$node" ] || [ ! -r "$program" ]; then
  echo "Rollcall is no longer where it was. Open Terminal and run: rollcall setup agent" >&2
  exit 1
fi
exec "$node" "$program" '/Users/anna/Library/Application Support/Rollcall/app' '/opt/homebrew/lib/node_modules/rollcall/dist/main.js' "$@"
