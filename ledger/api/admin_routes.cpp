#include "ledger/api/admin_routes.h"

#include "common/wire/documents.h"

namespace hearth::ledger {
namespace {

constexpr std::size_t max_arguments = 64 * 1024;

Result<wire::Json> answer(AdminContext& context, const net::Request& request) {
  const auto parts = net::path_parts(request.path);
  if (request.method != "POST" || parts.size() != 2 || parts[0] != "admin") {
    return fail(Code::usage, "The admin socket takes POST /admin/COMMAND.");
  }
  auto arguments = request.body.empty() ? Result<wire::Json>(wire::Json::object())
                                        : wire::parse_json(request.body, max_arguments);
  if (!arguments) return pass_on(std::move(arguments.error()));
  return run_admin(context, parts[1], *arguments);
}

}  // namespace

net::Task<net::Response> handle_admin_request(net::Pool& pool,
                                              std::shared_ptr<AdminContext> context,
                                              net::Request request) {
  auto work = [context, request = std::move(request)] { return answer(*context, request); };
  const auto result = co_await net::on_pool(pool, std::move(work));
  if (!result) co_return net::problem_response(result.error());
  co_return net::json_response(200, result->dump());
}

}  // namespace hearth::ledger
