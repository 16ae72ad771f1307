#include <algorithm>

#include "ledger/api/engine_wait.h"
#include "ledger/api/requests.h"
#include "ledger/api/routes.h"

namespace hearth::ledger {
namespace {

Result<TorrentUpload> admitted_upload(ByteView body, Rooms& rooms) {
  auto upload = read_torrent_upload(body, rooms.now());
  if (!upload) return pass_on(std::move(upload.error()));
  const identity::HomeAddress& home = upload->announcement.home;
  if (auto admitted = rooms.admit(home); !admitted) return pass_on(std::move(admitted.error()));
  // Only homes with an account may fill the ledger's disk.
  if (const auto account = rooms.engine.balances(home); !account) return pass_on(account.error());
  return upload;
}

Result<void> check_offer(const Rooms& rooms, const wire::Offer& offer) {
  const TorrentEntry* torrent = rooms.catalogue.torrent(offer.manifest.info_hash);
  if (torrent == nullptr) {
    return fail(Code::unknown_torrent,
                "The ledger does not know the offer's torrent. Nothing was stored; register the "
                "torrent first.");
  }
  if (auto good = check_manifest(offer.manifest, torrent->file); !good) return good;
  const auto& kept = rooms.policy.currencies;
  if (std::find(kept.begin(), kept.end(), offer.price.currency.code()) == kept.end()) {
    return fail(Code::currency_unknown, "This ledger does not keep " +
                                            std::string(offer.price.currency.code()) +
                                            ". Nothing was stored.");
  }
  return {};
}

}  // namespace

RouteResult post_torrent(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  auto work = [body = std::move(request.body), &all = *rooms] {
    return admitted_upload(body, all);
  };
  const auto upload = co_await net::on_pool(rooms->pool, std::move(work));
  if (!upload) co_return pass_on(upload.error());
  const TorrentFile& torrent = upload->announcement.torrent;
  if (rooms->catalogue.torrent(torrent.info_hash) == nullptr) {
    const TorrentEntry entry{rooms->catalogue.next_torrent_sequence(), torrent};
    store::Batch batch;
    put_torrent(batch, entry, upload->file);
    EngineWait<std::uint64_t> wait(rooms->loop);
    rooms->engine.submit_side(std::move(batch), wait.answer());
    const auto stored = co_await wait.done();
    if (!stored) co_return pass_on(stored.error());
    rooms->catalogue.add_torrent(entry);
    rooms->tracker->add_torrent(torrent.info_hash, torrent.title);
    for (const auto& mirror : rooms->mirrors) mirror->notify_all();
  }
  co_return json_answer({{"info_hash", to_hex(torrent.info_hash)}});
}

RouteResult get_torrent(RoomsPtr rooms, net::Request, std::vector<std::string> parts) {
  const auto hash = hex_id<20>(parts[2], Code::unknown_torrent, "torrent");
  if (!hash) co_return pass_on(hash.error());
  auto work = [&store = rooms->store, hash = *hash] { return load_torrent_file(store, hash); };
  auto file = co_await net::on_pool(rooms->pool, std::move(work));
  if (!file) co_return pass_on(std::move(file.error()));
  if (!*file) co_return fail(Code::unknown_torrent, "There is no such torrent at this ledger.");
  net::Response out;
  out.headers["content-type"] = "application/x-bittorrent";
  out.body = std::move(**file);
  co_return out;
}

RouteResult post_offer(RoomsPtr rooms, net::Request request, std::vector<std::string>) {
  auto work = [body = std::move(request.body), &escrow = rooms->keys.escrow] {
    return read_offer_upload(body, escrow);
  };
  auto upload = co_await net::on_pool(rooms->pool, std::move(work));
  if (!upload) co_return pass_on(std::move(upload.error()));
  const wire::Offer& offer = upload->offer;
  const wire::Json answer{{"offer", to_hex(offer.id)}};
  if (rooms->catalogue.offer(offer.id) != nullptr) co_return json_answer(answer);
  if (auto good = check_offer(*rooms, offer); !good) co_return pass_on(std::move(good.error()));

  const OfferEntry entry{offer.id,
                         rooms->catalogue.next_offer_sequence(),
                         offer.manifest.info_hash,
                         offer.manifest.name,
                         offer.price,
                         offer.terms};
  store::Batch side;
  put_offer(side, entry, {offer.jws, std::move(upload->sealed_key)});
  EngineWait<std::uint64_t> wait(rooms->loop);
  rooms->engine.submit_offer(
      {offer.id, offer.seller(), offer.price, rooms->now(), offer.terms.homes}, std::move(side),
      wait.answer());
  const auto stored = co_await wait.done();
  if (!stored) co_return pass_on(stored.error());
  rooms->catalogue.add_offer(entry);
  co_return json_answer(answer);
}

}  // namespace hearth::ledger
