#include "node/swarm/lt_settings.h"

#include <algorithm>
#include <limits>

#include <libtorrent/alert.hpp>
#include <libtorrent/session_handle.hpp>

namespace hearth::node {
namespace {

int rate(std::int64_t bytes_per_second) {
  return static_cast<int>(
      std::clamp<std::int64_t>(bytes_per_second, 0, std::numeric_limits<int>::max()));
}

void stay_on_known_paths(lt::settings_pack& pack) {
  pack.set_bool(lt::settings_pack::enable_dht, false);
  pack.set_bool(lt::settings_pack::enable_lsd, false);
  pack.set_bool(lt::settings_pack::enable_upnp, false);
  pack.set_bool(lt::settings_pack::enable_natpmp, false);
  pack.set_str(lt::settings_pack::dht_bootstrap_nodes, "");
}

void tell_nothing(lt::settings_pack& pack) {
  pack.set_str(lt::settings_pack::user_agent, "");
  pack.set_str(lt::settings_pack::handshake_client_version, "");
  pack.set_str(lt::settings_pack::peer_fingerprint, "");
}

void choose_connections(lt::settings_pack& pack) {
  // TCP carries four times what uTP does; stock clients may still come by uTP.
  pack.set_bool(lt::settings_pack::enable_outgoing_utp, false);
  pack.set_bool(lt::settings_pack::enable_incoming_utp, true);
  pack.set_int(lt::settings_pack::mixed_mode_algorithm, lt::settings_pack::prefer_tcp);
  pack.set_int(lt::settings_pack::in_enc_policy, lt::settings_pack::pe_enabled);
  pack.set_int(lt::settings_pack::out_enc_policy, lt::settings_pack::pe_enabled);
  pack.set_int(lt::settings_pack::allowed_enc_level, lt::settings_pack::pe_both);
  pack.set_bool(lt::settings_pack::prefer_rc4, false);
  pack.set_bool(lt::settings_pack::close_redundant_connections, false);
  pack.set_bool(lt::settings_pack::allow_multiple_connections_per_ip, true);
  pack.set_bool(lt::settings_pack::no_connect_privileged_ports, false);
  // A seed that comes back after a restart is found again within seconds.
  pack.set_int(lt::settings_pack::min_reconnect_time, 2);
  pack.set_int(lt::settings_pack::peer_connect_timeout, 7);
  pack.set_int(lt::settings_pack::connections_limit, 400);
  pack.set_int(lt::settings_pack::unchoke_slots_limit, 16);
  // Few outstanding requests: a seek need not wait behind a long queue (docs/measured.md).
  pack.set_int(lt::settings_pack::max_out_request_queue, 32);
  pack.set_int(lt::settings_pack::max_allowed_in_request_queue, 1000);
}

void use_little_memory(lt::settings_pack& pack) {
  // pwrite reports a full disk as an error; a write through a mapping would be a SIGBUS.
  pack.set_int(lt::settings_pack::disk_write_mode, lt::settings_pack::always_pwrite);
  pack.set_int(lt::settings_pack::aio_threads, 4);
  pack.set_int(lt::settings_pack::hashing_threads, 2);
  pack.set_int(lt::settings_pack::max_queued_disk_bytes, 16 * 1024 * 1024);
  pack.set_int(lt::settings_pack::send_buffer_watermark, 2 * 1024 * 1024);
  pack.set_int(lt::settings_pack::file_pool_size, 64);
}

/// One road out and none in. UDP (uTP, DHT) is off altogether: a proxy may not carry it.
void go_through(lt::settings_pack& pack, net::Proxy proxy) {
  proxy = net::with_credentials(std::move(proxy));
  pack.set_str(lt::settings_pack::listen_interfaces, "");
  pack.set_int(lt::settings_pack::proxy_type, lt::settings_pack::socks5_pw);
  pack.set_str(lt::settings_pack::proxy_hostname, proxy.host);
  pack.set_int(lt::settings_pack::proxy_port, proxy.port);
  pack.set_str(lt::settings_pack::proxy_username, proxy.user);
  pack.set_str(lt::settings_pack::proxy_password, proxy.password);
  pack.set_bool(lt::settings_pack::proxy_hostnames, true);
  pack.set_bool(lt::settings_pack::proxy_peer_connections, true);
  pack.set_bool(lt::settings_pack::proxy_tracker_connections, true);
  pack.set_bool(lt::settings_pack::anonymous_mode, true);
  pack.set_bool(lt::settings_pack::enable_incoming_utp, false);
  pack.set_bool(lt::settings_pack::enable_incoming_tcp, false);
  pack.set_int(lt::settings_pack::peer_connect_timeout, 20);  // the way is longer
}

}  // namespace

lt::settings_pack session_settings(const SwarmOptions& options) {
  lt::settings_pack pack;
  const bool v6 = options.listen.address.find(':') != std::string::npos;
  const std::string host = v6 ? "[" + options.listen.address + "]" : options.listen.address;
  pack.set_str(lt::settings_pack::listen_interfaces,
               host + ":" + std::to_string(options.listen.port));
  pack.set_int(lt::settings_pack::max_retry_port_bind, 0);
  pack.set_bool(lt::settings_pack::listen_system_port_fallback, false);
  pack.set_int(lt::settings_pack::alert_mask,
               static_cast<int>(static_cast<std::uint32_t>(
                   lt::alert_category::status | lt::alert_category::error |
                   lt::alert_category::storage | lt::alert_category::piece_progress)));
  pack.set_int(lt::settings_pack::alert_queue_size, 100'000);
  pack.set_int(lt::settings_pack::upload_rate_limit, rate(options.upload_limit));
  pack.set_int(lt::settings_pack::download_rate_limit, rate(options.download_limit));
  stay_on_known_paths(pack);
  tell_nothing(pack);
  choose_connections(pack);
  use_little_memory(pack);
  if (options.proxy) go_through(pack, *options.proxy);
  return pack;
}

lt::ip_filter everybody_is_limited() {
  constexpr std::uint32_t global = 1;  // bit of session_handle::global_peer_class_id
  lt::ip_filter filter;
  filter.add_rule(lt::make_address("0.0.0.0"), lt::make_address("255.255.255.255"), global);
  filter.add_rule(lt::make_address("::"),
                  lt::make_address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"), global);
  return filter;
}

}  // namespace hearth::node
