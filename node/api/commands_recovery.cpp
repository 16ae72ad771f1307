#include "common/identity/seed_line.h"
#include "node/api/commands.h"

namespace hearth::node {

Commands::Answer Commands::wallet_seed(wire::Json arguments) {
  wire::Fields fields(arguments, "arguments");
  std::string pin = fields.text("pin", max_pin_text);
  if (!fields.ok()) co_return pass_on(fields.error());
  auto allowed = co_await rooms_.house_rules->check_pin(std::move(pin));
  if (!allowed) co_return pass_on(allowed.error());
  co_return wire::Json{{"line", identity::seed_line(rooms_.keys.seed())}};
}

}  // namespace hearth::node
