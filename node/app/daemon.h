// hearthd as a program: options, data directory, rooms, API socket, signals, orderly end.
#pragma once

namespace hearth::node {

/// The whole of main(); returns the exit code.
int run_hearthd(int argc, char** argv);

}  // namespace hearth::node
