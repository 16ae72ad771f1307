#include "fake_adapter.h"

#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

namespace hearth::test {
namespace {

constexpr std::uint8_t begins = 0xFF, ends = 0xFE, escape = 0xFD, escape_offset = 3;
// Of adapter/Pulse-Eight/USBCECAdapterMessage.h.
constexpr std::uint8_t frame_start = 5, frame_data = 6, accepted = 8, set_ack_mask = 10,
                       transmit = 11, transmit_eom = 12, transmit_succeeded = 16,
                       transmit_failed_ack = 18, firmware_version = 21, get_build_date = 23,
                       get_adapter_type = 40, end_of_message = 0x80, acknowledged = 0x40;
constexpr std::uint8_t television = 0, everybody = 15, user_control_pressed = 0x44,
                       user_control_released = 0x45;
constexpr std::uint8_t feature_abort = 0x00, give_vendor_id = 0x8C, vendor_id = 0x87,
                       give_power_status = 0x8F, power_status = 0x90;

}  // namespace

FakeAdapter::FakeAdapter() {
  char name[256];
  termios raw{};
  cfmakeraw(&raw);
  if (openpty(&master_, &slave_, name, &raw, nullptr) != 0) {
    throw std::runtime_error("no pseudo terminal");
  }
  port_ = name;
  thread_ = std::thread([this] { serve(); });
}

FakeAdapter::~FakeAdapter() {
  ending_ = true;
  thread_.join();
  close(master_);
  close(slave_);
}

void FakeAdapter::serve() {
  std::vector<std::uint8_t> frame;
  bool escaped = false;
  while (!ending_) {
    pollfd waits{master_, POLLIN, 0};
    if (poll(&waits, 1, 20) <= 0) continue;
    std::uint8_t bytes[256];
    const ssize_t n = read(master_, bytes, sizeof bytes);
    for (ssize_t i = 0; i < n; ++i) {
      if (bytes[i] == begins) {
        frame.clear();
      } else if (bytes[i] == ends) {
        answer(frame);
      } else if (bytes[i] == escape) {
        escaped = true;
      } else {
        frame.push_back(static_cast<std::uint8_t>(bytes[i] + (escaped ? escape_offset : 0)));
        escaped = false;
      }
    }
  }
}

void FakeAdapter::answer(const std::vector<std::uint8_t>& frame) {
  if (frame.empty()) return;
  switch (frame[0]) {
    case firmware_version:
      return send({firmware_version, 0, 12});
    case get_build_date:
      return send({get_build_date, 0x58, 0, 0, 0});
    case get_adapter_type:
      return send({get_adapter_type, 1});
    case set_ack_mask: {
      const int mask = frame.size() == 3 ? frame[1] << 8 | frame[2] : 0;
      for (int i = 1; i < 15; ++i) {
        if ((mask >> i & 1) != 0) address_ = i;
      }
      break;
    }
    case transmit:
      sent_.push_back(frame[1]);
      break;
    case transmit_eom: {
      sent_.push_back(frame[1]);
      send({accepted, frame[0]});
      // Nobody but the television is on the cable: an address that is asked for is free.
      const int to = sent_[0] & 0x0F;
      const bool heard = to == television || to == everybody;
      send({heard ? transmit_succeeded : transmit_failed_ack, transmit_eom});
      const auto message = std::exchange(sent_, {});
      if (to == television) television_hears(message);
      return;
    }
    default:
      break;
  }
  send({accepted, frame[0]});
}

/// A television that is on, of no maker, and knows nothing else.
void FakeAdapter::television_hears(const std::vector<std::uint8_t>& message) {
  if (message.size() < 2) return;  // only asked whether it is there
  const auto to_sender = static_cast<std::uint8_t>(television << 4 | message[0] >> 4);
  if (message[1] == give_vendor_id) {
    say({television << 4 | everybody, vendor_id, 0, 0, 1});
  } else if (message[1] == give_power_status) {
    say({to_sender, power_status, 0});
  } else if (message[1] != feature_abort) {
    say({to_sender, feature_abort, message[1], 0});
  }
}

void FakeAdapter::send(const std::vector<std::uint8_t>& frame) {
  std::vector<std::uint8_t> out = {begins};
  for (const std::uint8_t byte : frame) {
    if (byte >= escape) {
      out.push_back(escape);
      out.push_back(static_cast<std::uint8_t>(byte - escape_offset));
    } else {
      out.push_back(byte);
    }
  }
  out.push_back(ends);
  [[maybe_unused]] const ssize_t n = write(master_, out.data(), out.size());
}

void FakeAdapter::say(const std::vector<std::uint8_t>& message) {
  const std::lock_guard lock(cable_);
  // The cable is slow: 24 ms a byte. libcec tells press and release apart by the time between them.
  poll(nullptr, 0, static_cast<int>(24 * message.size()));
  for (std::size_t i = 0; i < message.size(); ++i) {
    std::uint8_t code = i == 0 ? frame_start : frame_data;
    code |= acknowledged;
    if (i + 1 == message.size()) code |= end_of_message;
    send({code, message[i]});
  }
}

void FakeAdapter::press(int code) {
  say({static_cast<std::uint8_t>(television << 4 | address_), user_control_pressed,
       static_cast<std::uint8_t>(code)});
}

void FakeAdapter::release() {
  say({static_cast<std::uint8_t>(television << 4 | address_), user_control_released});
}

}  // namespace hearth::test
