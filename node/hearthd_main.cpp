// hearthd: the node of one home. `--role seed` makes a seed server.
#include "node/app/daemon.h"

int main(int argc, char** argv) {
  return hearth::node::run_hearthd(argc, argv);
}
