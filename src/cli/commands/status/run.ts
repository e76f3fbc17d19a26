import { systemClock } from "../../../clock.js";
import { checkAgent } from "../../../doctor/check-set-ups.js";
import { examine } from "../../../doctor/examine.js";
import type { Finding } from "../../../doctor/finding.js";
import { RollcallError } from "../../../errors.js";
import { readReceipt } from "../../../receipt/receipt-json.js";
import type { CommandBody, CommandContext } from "../../command-context.js";
import { doctorParts } from "../../compose/doctor-parts.js";
import { receiptFolder } from "../../compose/kept-receipts.js";
import { realPhones } from "../../compose/real-parts.js";
import { EXIT } from "../../process/exit-status.js";
import { refusedAsAnothers } from "../../process/refused-as-anothers.js";
import { runInShort } from "../../terminal/in-short.js";
import { explainAnything } from "../../terminal/report-trouble.js";
import { statusDocument } from "./document.js";
import { statusLines } from "./lines.js";
import { lookAtCable, phonesNow } from "./phones-now.js";
import { readLedgerNow } from "./read-ledger-now.js";
import type { LastReceipt, StatusNow } from "./status-now.js";

/** How everything stands now. Nothing is changed, and nothing that is found is a failure of this command. */
export const status: CommandBody = async (context) => {
  const { output, settings, signal } = context;
  const cable = await lookAtCable(await realPhones(settings, { mayPair: false }), signal);
  using ledgerNow = await readLedgerNow(settings.dataFolder);
  const now: StatusNow = {
    atWork: ledgerNow.atWork,
    cableTrouble: cable.trouble,
    ledgerTrouble: ledgerNow.trouble === null ? null : troubleHere(ledgerNow.trouble, context),
    phones: await phonesNow(context, cable, ledgerNow),
    cutOff: ledgerNow.ledgerDatabase?.runsCutOff() ?? null,
    ...(await lastRunNow(context)),
    agent: await agentNow(context),
  };
  if (output.isJson) await output.document(statusDocument(now, output.started), EXIT.ok);
  else await output.result(...statusLines(now, systemClock.now()));
  return EXIT.ok;
};

async function lastRunNow(context: CommandContext): Promise<Pick<StatusNow, "lastRun" | "receiptTrouble">> {
  let receiptTrouble: RollcallError | null = null;
  try {
    for (const path of (await receiptFolder(context).list()).reverse()) {
      const read = await readLastRun(path);
      if (!(read instanceof RollcallError)) return { lastRun: read, receiptTrouble: null };
      receiptTrouble ??= read;
    }
  } catch (error) {
    receiptTrouble = troubleHere(error, context);
  }
  return { lastRun: null, receiptTrouble };
}

function troubleHere(error: unknown, { settings }: CommandContext): RollcallError {
  return explainAnything(refusedAsAnothers(error, settings), null);
}

async function readLastRun(path: string): Promise<LastReceipt | RollcallError> {
  try {
    const { answers, ...head } = await readReceipt(path);
    return { head, path, short: runInShort(head, answers, path) };
  } catch (error) {
    if (error instanceof RollcallError) return error;
    throw error;
  }
}

async function agentNow({ settings, signal }: CommandContext): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const parts = await doctorParts(settings, {});
  for await (const one of examine([checkAgent], parts, { clock: systemClock, signal })) findings.push(one);
  return findings;
}
