#include "ledger/cli/manual_text.h"

#include "common/cli/manual.h"

namespace hearth::ledger {

cli::Manual hearth_ledger_manual() {
  cli::Manual manual;
  manual.program = "hearth-ledger";
  manual.date = "2026-11-22";
  manual.summary = "work on the books of a Hearth ledger";
  manual.about =
      "The operator's command line: accounts, deposits and withdrawals, corrections, limits and "
      "fees, audit, export, backup, keys and operators.\n"
      "\n"
      "It takes one of three roads. When a hearth-ledgerd runs on the data directory, the order "
      "goes through its admin socket. When none runs, this program opens the books itself. With "
      "--connect and --key the order goes over TLS to a ledger elsewhere, signed by an operator's "
      "key; the ledger's card pins its certificate. The documents are the same on each road.\n"
      "\n"
      "An account is named by its id (wallet/ADDRESS/EUR, escrow/OFFER/EPOCH, cash/EUR, fees/EUR, "
      "adjustments/EUR) or, for a main wallet, by the home's name or address. Money is written "
      "\"20.00 EUR\". Dates are in UTC.";
  manual.sections = {
      {"Roles",
       "An auditor reads. A teller also deposits, withdraws and retries payments. An owner does "
       "everything. Whoever can open the data directory or its socket is the owner. Every change "
       "has the operator's name in the journal."},
      {"Long work",
       "An audit, and the audit of a backup, reads every record. On a terminal the program tells "
       "how far it is. Interrupting it ends the waiting alone: a running ledger goes on to the end "
       "by itself. Without a running ledger this program does the work, and an interrupt ends it; "
       "nothing is changed by that."},
      {"Exit status",
       "0 when it was done; 1 when it was refused or failed, with one sentence on standard error "
       "that says what happened, whether anything was lost or charged, and what to do; 2 for wrong "
       "usage. With --json a failure is a document with code and sentence on standard output."},
      {"Environment",
       "HEARTH_LEDGER_HOME names the data directory unless --data does. Without both it is "
       "hearth-ledger below XDG_DATA_HOME, or below ~/.local/share."},
      {"Examples",
       "Money came in, and its statement:\n"
       "  hearth-ledger deposit Anna \"20.00 EUR\" --reference \"bank 4711\"\n"
       "  hearth-ledger statement Anna --from 2026-11-01 --to 2026-11-30\n"
       "\n"
       "The books for an accountant:\n"
       "  hearth-ledger export --format hledger --out books.journal\n"
       "  hledger -f books.journal balance\n"
       "\n"
       "A backup while the ledger runs, and what to do with it after a loss:\n"
       "  hearth-ledger backup /mnt/disk/2026-11-22 --keys-to /mnt/safe/keys\n"
       "  hearth-ledger --data /srv/new restore /mnt/disk/2026-11-22 --keys-from /mnt/safe/keys\n"
       "  hearth-ledgerd --data /srv/new --accept-restored\n"
       "\n"
       "A teller who works from another machine:\n"
       "  hearth-ledger operator keygen ~/teller.key\n"
       "  hearth-ledger operator add tina operator1... --role teller\n"
       "  hearth-ledger --connect card.txt --key ~/teller.key status"},
  };
  manual.see_also = {"hearth-ledgerd(8)", "hearth(1)", "hearthd(8)", "hledger(1)"};
  return manual;
}

}  // namespace hearth::ledger
