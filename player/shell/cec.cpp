#include "player/shell/cec.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include <libcec/cec.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/base/log.h"
#include "player/core/cec_keys.h"

namespace hearth::player {
namespace {

constexpr std::uint32_t open_timeout_ms = 10'000;
constexpr auto leave_within = std::chrono::seconds(2);
constexpr std::size_t max_keys = 64;
constexpr const char* other_ways = "Keyboard, phone and other remote controls work all the same.";

using Adapter = std::unique_ptr<CEC::ICECAdapter, void (*)(CEC::ICECAdapter*)>;

Result<std::string> port_of(CEC::ICECAdapter& adapter, const std::string& wanted) {
  if (!wanted.empty()) return wanted;
  CEC::cec_adapter_descriptor found[4];
  if (adapter.DetectAdapters(found, 4, nullptr, true) > 0) return std::string(found[0].strComName);
  return fail(
      Code::not_found,
      std::string("No HDMI-CEC adapter is here, so the television's own remote control does "
                  "not reach Hearth. ") +
          other_ways);
}

}  // namespace

struct Cec::Bus {
  ~Bus() { close(wakeup); }

  mutable std::mutex mutex;
  // Guards: everything below but wakeup.
  mutable std::condition_variable changed;
  std::optional<Result<std::string>> outcome;
  CecPresses presses;
  std::vector<link::Key> keys;
  bool ending = false, ended = false;
  const int wakeup = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

  void press(int code, std::uint32_t held_ms) {
    const std::lock_guard lock(mutex);
    const auto key = presses.take(code, held_ms);
    if (!key || keys.size() == max_keys) return;
    keys.push_back(*key);
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = write(wakeup, &one, sizeof one);
  }

  void tell(Result<std::string> what) {
    if (what) spdlog::info("the television's remote control is heard at {}", *what);
    if (!what) spdlog::info("{}", what.error().sentence);
    const std::lock_guard lock(mutex);
    outcome = std::move(what);
    changed.notify_all();
  }

  /// On a thread of its own, which holds the adapter until the end.
  void run(const std::string& wanted) {
    // libcec keeps a list of its own of all that there are, without a lock.
    static std::mutex one_at_a_time;
    const std::lock_guard alone(one_at_a_time);
    CEC::ICECCallbacks callbacks;
    CEC::libcec_configuration config;
    callbacks.Clear();
    config.Clear();
    callbacks.keyPress = [](void* bus, const CEC::cec_keypress* key) {
      static_cast<Bus*>(bus)->press(key->keycode, key->duration);
    };
    callbacks.logMessage = [](void*, const CEC::cec_log_message* message) {
      spdlog::debug("libcec: {}", message->message);
    };
    callbacks.alert = [](void*, const CEC::libcec_alert alert, const CEC::libcec_parameter) {
      if (alert != CEC::CEC_ALERT_CONNECTION_LOST) return;
      spdlog::warn(
          "the HDMI-CEC adapter is gone, and with it the television's remote control. {} "
          "Start the player again when it is back.",
          other_ways);
    };
    config.callbackParam = this;
    config.callbacks = &callbacks;
    config.clientVersion = CEC::LIBCEC_VERSION_CURRENT;
    snprintf(config.strDeviceName, sizeof config.strDeviceName, "Hearth");
    config.deviceTypes.Add(CEC::CEC_DEVICE_TYPE_PLAYBACK_DEVICE);
    config.bActivateSource = 0;     // what the television shows is its people's choice
    config.iComboKeyTimeoutMs = 0;  // Stop is Stop, at once
    const Adapter adapter(static_cast<CEC::ICECAdapter*>(CECInitialise(&config)), CECDestroy);
    if (!adapter) return tell(fail(Code::internal, "libcec could not be started."));
    auto port = port_of(*adapter, wanted);
    if (port && !adapter->Open(port->c_str(), open_timeout_ms)) {
      port =
          fail(Code::io, "The HDMI-CEC adapter at " + *port +
                             " does not answer: it is none, another program has it, or this user "
                             "may not use it (group dialout or video). " +
                             other_ways);
    }
    const bool open = port.has_value();
    tell(std::move(port));
    if (!open) return;
    {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return ending; });
    }
    adapter->Close();
  }
};

std::unique_ptr<Cec> Cec::start(const std::string& port) {
  auto bus = std::make_shared<Bus>();
  std::thread([bus, port] {
    bus->run(port);
    const std::lock_guard lock(bus->mutex);
    bus->ended = true;
    bus->changed.notify_all();
  }).detach();
  return std::unique_ptr<Cec>(new Cec(std::move(bus)));
}

Cec::~Cec() {
  std::unique_lock lock(bus_->mutex);
  bus_->ending = true;
  bus_->changed.notify_all();
  bus_->changed.wait_for(lock, leave_within, [this] { return bus_->ended; });
}

int Cec::fd() const {
  return bus_->wakeup;
}

std::vector<link::Key> Cec::take() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t n = read(bus_->wakeup, &count, sizeof count);
  const std::lock_guard lock(bus_->mutex);
  return std::exchange(bus_->keys, {});
}

Result<std::string> Cec::opened(int timeout_ms) const {
  std::unique_lock lock(bus_->mutex);
  bus_->changed.wait_for(lock, std::chrono::milliseconds(timeout_ms),
                         [this] { return bus_->outcome.has_value(); });
  if (bus_->outcome) return *bus_->outcome;
  return fail(Code::timeout, "The HDMI-CEC adapter has not answered yet.");
}

}  // namespace hearth::player
