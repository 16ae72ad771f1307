#include "node/api/jobs.h"

#include <algorithm>

#include "common/crypto/hash.h"
#include "common/wire/shown.h"

namespace hearth::node {
namespace {

constexpr std::size_t max_jobs = 100;

}  // namespace

void Job::note_progress(const std::string& step, std::uint64_t done, std::uint64_t total) {
  const std::lock_guard lock(mutex_);
  step_ = step;
  done_ = done;
  total_ = total;
}

void Job::finish(wire::Json result) {
  const std::lock_guard lock(mutex_);
  state_ = "done";
  result_ = std::move(result);
}

void Job::fail(Error error) {
  const std::lock_guard lock(mutex_);
  state_ = "failed";
  error_ = std::move(error);
}

bool Job::running() const {
  const std::lock_guard lock(mutex_);
  return state_ == "running";
}

wire::Json Job::document() const {
  const std::lock_guard lock(mutex_);
  wire::Json out = {{"job", id_},      {"state", state_}, {"done", done_},
                    {"total", total_}, {"unit", "bytes"}, {"step", step_}};
  if (state_ == "done") out["result"] = result_;
  if (state_ == "failed") out["problem"] = wire::failure_document(error_);
  return out;
}

Result<std::shared_ptr<Job>> Jobs::begin() {
  if (jobs_.size() >= max_jobs) {
    const auto ended =
        std::find_if(jobs_.begin(), jobs_.end(), [](const auto& job) { return !job->running(); });
    if (ended == jobs_.end()) {
      return fail(Code::busy,
                  "A hundred jobs run in this node already. Nothing was begun; try "
                  "again when one has ended.");
    }
    jobs_.erase(ended);
  }
  auto job = std::make_shared<Job>(to_hex(crypto::random_array<8>()));
  jobs_.push_back(job);
  return job;
}

Result<std::shared_ptr<Job>> Jobs::find(const std::string& id) const {
  for (const auto& job : jobs_) {
    if (job->id() == id) return job;
  }
  return fail(Code::not_found, "There is no such job; hearthd may have been started again since.");
}

}  // namespace hearth::node
