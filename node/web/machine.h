// What the page has to know of the machine that it runs on: its host name and the addresses of its
// interfaces, which come and go.
#pragma once

#include <string>
#include <vector>

namespace hearth::node {

std::string machine_name();
/// Canonical texts; those of loopback too. Asked anew each time.
std::vector<std::string> interface_addresses();

}  // namespace hearth::node
