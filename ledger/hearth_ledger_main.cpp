// hearth-ledger: the operator's command line. What it does stands in ledger/cli/run.h.
#include "common/base/log.h"
#include "ledger/cli/run.h"

int main(int argc, char** argv) {
  hearth::init_log("hearth-ledger", "warn");
  return hearth::ledger::run_hearth_ledger(argc, argv);
}
