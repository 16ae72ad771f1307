// What the home keeps on its disk: a title that was bought or given may be deleted and fetched
// again for ever, since its key stays.
#include "common/base/names.h"
#include "node/api/commands.h"
#include "node/api/documents.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_argument = 4096;

}  // namespace

Result<Title> Commands::title_argument(const wire::Json& arguments) const {
  wire::Fields fields(arguments, "arguments");
  const std::string what = fields.required_text("title", max_argument);
  if (!fields.ok()) return pass_on(fields.error());
  return rooms_.titles->find(what);
}

Commands::Answer Commands::library_remove(wire::Json arguments) {
  const auto title = title_argument(arguments);
  if (!title) co_return pass_on(title.error());
  const std::string& name = title->manifest.name;
  if (title->origin == TitleOrigin::published) {
    co_return fail(Code::usage, "\"" + printable(name) +
                                    "\" was published here: other homes fetch it from this one. "
                                    "Nothing was removed.");
  }
  const wire::TitleId id = title->manifest.title;
  const auto delivery = rooms_.deliveries->of(to_hex(id));
  if (!delivery) co_return pass_on(delivery.error());
  if (!title->key || (*delivery && (*delivery)->active())) {
    co_return fail(Code::not_playable_yet,
                   "\"" + printable(name) +
                       "\" is still on its way. Nothing was removed; hearth transfers shows how it "
                       "goes on.");
  }
  rooms_.announcer->drop(title->manifest.info_hash);
  auto forgotten = rooms_.titles->forget_data(id);
  if (!forgotten) co_return pass_on(forgotten.error());
  co_return document(*title, is_private(*title), false);
}

Commands::Answer Commands::library_fetch(wire::Json arguments) {
  const auto title = title_argument(arguments);
  if (!title) co_return pass_on(title.error());
  const wire::TitleId id = title->manifest.title;
  auto fetched = rooms_.deliveries->fetch_again(*title);
  if (!fetched) co_return pass_on(fetched.error());
  co_return document(*title, is_private(*title), rooms_.titles->progress(id).complete);
}

}  // namespace hearth::node
