#include "ledger/api/routes.h"
#include "ledger/operators/desk.h"

namespace hearth::ledger {

/// Orders may take minutes (audit, backup): they have threads of their own, so that purchases do
/// not wait for them.
RouteResult post_operator(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  if (!rooms->desk) co_return fail(Code::not_found, "This ledger takes no orders here.");
  auto work = [desk = rooms->desk, body = std::move(request.body), now = rooms->now()] {
    return desk->answer(as_text(body), now);
  };
  const auto answer = co_await net::on_pool(*rooms->office, std::move(work));
  if (!answer) co_return pass_on(answer.error());
  co_return json_answer(*answer);
}

}  // namespace hearth::ledger
