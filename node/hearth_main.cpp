// hearth: the home's command line; talks to its hearthd over DIR/hearthd.sock.
#include "node/app/cli.h"

int main(int argc, char** argv) {
  return hearth::node::run_hearth(argc, argv);
}
